package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One end of a stream: bytes arrive in order, in pieces, after the network's delay. */
final class VirtualStream implements Stream {
    private static final int PIECE = 1024;

    private final VirtualNetwork network;
    private final VirtualTransport owner;
    private final InetSocketAddress remote;
    private final StreamHandler handler;
    private @Nullable VirtualStream other;
    private long lastArrivalNanos;
    private boolean ended;

    VirtualStream(VirtualNetwork network, VirtualTransport owner, InetSocketAddress remote, StreamHandler handler) {
        this.network = network;
        this.owner = owner;
        this.remote = remote;
        this.handler = handler;
    }

    void connectTo(VirtualStream end) {
        other = end;
    }

    void open() {
        if (!ended) {
            handler.opened(this);
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public void send(byte[] bytes, Completion completion) {
        VirtualStream peer = other;
        if (ended || peer == null) {
            owner.loop().execute(() -> completion.done(new TransportException("the stream is closed")));
            return;
        }
        for (int from = 0; from < bytes.length; from += PIECE) {
            byte[] piece = java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE));
            later(() -> {
                if (!peer.ended && network.streamPasses(owner.boundAddress(), remote)) {
                    peer.owner.loop().execute(() -> peer.arrived(piece));
                }
            });
        }
        owner.loop().execute(() -> completion.done(null));
    }

    private void arrived(byte[] piece) {
        if (!ended) {
            handler.received(piece);
        }
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        end(null);
        VirtualStream peer = other;
        if (peer != null) {
            later(() -> peer.owner.loop().execute(() -> peer.end(null)));
        }
    }

    /** The owner's process is gone. */
    void breakOff() {
        VirtualStream peer = other;
        ended = true;
        owner.forget(this);
        if (peer != null) {
            later(() -> peer.owner.loop().execute(() -> peer.end(new TransportException("reset by " + peer.remote))));
        }
    }

    private void end(@Nullable Throwable failure) {
        if (!ended) {
            ended = true;
            owner.forget(this);
            owner.loop().execute(() -> handler.closed(failure));
        }
    }

    /** Schedules an arrival at the other side, never before an earlier one. */
    private void later(Runnable arrival) {
        lastArrivalNanos = Math.max(lastArrivalNanos, network.time.nanos() + network.delayNanos());
        network.time.schedule(lastArrivalNanos - network.time.nanos(), arrival);
    }
}
