package io.memberlist.spring.boot.test;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a stream: bytes arrive in order, until the stream breaks and nothing arrives any more. */
final class MemoryStream implements Stream {
    private final MemoryTransport owner;
    private final InetSocketAddress remote;
    private @Nullable MemoryStream other;
    private @Nullable StreamHandler handler;
    private boolean ended;
    private boolean stalled;

    MemoryStream(MemoryTransport owner, InetSocketAddress remote) {
        this.owner = owner;
        this.remote = remote;
    }

    void connectTo(MemoryStream end) {
        other = end;
    }

    void open(StreamHandler by) {
        handler = by;
        by.opened(this);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public void send(byte[] bytes, Completion<Void> completion) {
        if (ended) {
            owner.eventLoop().execute(() -> completion.done(null, new TransportException("the stream is closed")));
            return;
        }
        byte[] copy = bytes.clone();
        toTheOther(end -> end.arrived(copy));
        owner.eventLoop().execute(() -> completion.done(null, null));
    }

    @Override
    public void close() {
        if (!ended) {
            end(null);
            toTheOther(peer -> peer.end(null));
        }
    }

    /** Closes the stream because its owner's transport is closed. */
    void breakOff() {
        if (!ended) {
            end(null);
            toTheOther(peer -> peer.end(new TransportException("reset by " + peer.remote)));
        }
    }

    /** Delivers after everything that was sent before. A stream has no gaps: nothing arrives after bytes that are lost. */
    private void toTheOther(Consumer<MemoryStream> arrival) {
        MemoryStream peer = other;
        if (peer != null) {
            owner.wire().execute(() -> {
                stalled |= !owner.passes(remote);
                if (!stalled) {
                    arrival.accept(peer);
                }
            });
        }
    }

    private void arrived(byte[] bytes) {
        if (!ended && handler != null) {
            handler.received(bytes);
        }
    }

    private void end(@Nullable Throwable failure) {
        if (ended) {
            return;
        }
        ended = true;
        owner.forget(this);
        StreamHandler current = handler;
        if (current != null) {
            owner.wire().execute(() -> current.closed(failure));
        }
    }
}
