package io.memberlist.transport.netty;

import io.netty.channel.epoll.Epoll;
import java.util.stream.Stream;

/** The transports on which every test of this package runs. */
final class Backends {
    private Backends() {}

    static Stream<IoBackend> all() {
        return Epoll.isAvailable() ? Stream.of(IoBackend.values()) : Stream.of(IoBackend.NIO);
    }
}
