package io.memberlist.sample.network;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The handler of one stream of a member that can be paused, over a network that can be cut. */
final class GatedHandler implements StreamHandler {
    private final PauseGate gate;
    private final BooleanSupplier connected;
    private final Supplier<StreamHandler> accept;
    private @Nullable StreamHandler handler;
    private @Nullable Stream stream;

    /**
     * @param gate the gate that all tasks of the member pass
     * @param connected whether bytes still get through
     * @param accept creates the handler of the member when the gate lets the stream pass
     */
    GatedHandler(PauseGate gate, BooleanSupplier connected, Supplier<StreamHandler> accept) {
        this.gate = gate;
        this.connected = connected;
        this.accept = accept;
    }

    @Override
    public void opened(Stream opened) {
        stream = opened;
        gate.pass(() -> handler().opened(new Gated(opened)));
    }

    @Override
    public void received(byte[] bytes) {
        if (!connected.getAsBoolean()) {
            if (stream != null) {
                stream.close();
            }
            return;
        }
        gate.pass(() -> handler().received(bytes));
    }

    @Override
    public void closed(@Nullable Throwable failure) {
        gate.pass(() -> handler().closed(failure));
    }

    private StreamHandler handler() {
        if (handler == null) {
            handler = accept.get();
        }
        return handler;
    }

    private final class Gated implements Stream {
        private final Stream open;

        private Gated(Stream open) {
            this.open = open;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return open.remoteAddress();
        }

        @Override
        public void send(byte[] bytes, Completion<Void> completion) {
            if (!connected.getAsBoolean()) {
                open.close();
                gate.pass(() -> completion.done(null, new TransportException("the network is cut")));
                return;
            }
            open.send(bytes, (nothing, failure) -> gate.pass(() -> completion.done(null, failure)));
        }

        @Override
        public void close() {
            open.close();
        }
    }
}
