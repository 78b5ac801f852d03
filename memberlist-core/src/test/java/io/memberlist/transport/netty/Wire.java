package io.memberlist.transport.netty;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A transport and the sockets below it, on which every test of what all transports promise runs. */
record Wire(IoBackend io, @Nullable TcpOptions options) {
    /** {@return each transport on each kind of sockets} */
    static Stream<Wire> all() {
        return Stream.concat(Backends.all().map(io -> new Wire(io, null)), overTcp());
    }

    /** {@return the transports that send packets over TCP} */
    static Stream<Wire> overTcp() {
        return Backends.all()
                .flatMap(io -> Arrays.stream(TestOptions.values()).map(each -> new Wire(io, each.options())));
    }

    @Override
    public String toString() {
        return io + " " + (options == null ? "udp" : options.type() + (options.tls() == null ? "" : " with TLS"));
    }
}
