package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One end of a stream. Bytes arrive in order, in pieces, after the network's delay. */
final class VirtualStream implements Stream {
    private static final int PIECE_BYTES = 1024;

    private final VirtualNetwork network;
    private final VirtualTransport owner;
    private final InetSocketAddress remote;
    private @Nullable StreamHandler handler;
    private @Nullable VirtualStream other;
    private long lastArrivalNanos;
    private boolean ended;
    private boolean stalled;

    VirtualStream(
            VirtualNetwork network, VirtualTransport owner, InetSocketAddress remote, @Nullable StreamHandler handler) {
        this.network = network;
        this.owner = owner;
        this.remote = remote;
        this.handler = handler;
    }

    void connectTo(VirtualStream end) {
        other = end;
    }

    void open() {
        StreamHandler current = handler;
        if (!ended && current != null) {
            current.opened(this);
        }
    }

    void accepted(StreamHandler by) {
        handler = by;
        open();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public void send(byte[] bytes, Completion<Void> completion) {
        VirtualStream peer = other;
        if (ended || peer == null) {
            owner.loop().execute(() -> completion.done(null, new TransportException("the stream is closed")));
            return;
        }
        for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE_BYTES));
            later(() -> {
                if (!peer.ended && passes(peer)) {
                    peer.owner.loop().execute(() -> peer.arrived(piece));
                }
            });
        }
        owner.loop().execute(() -> completion.done(null, null));
    }

    /** Asks the network about the next piece. A stream has no holes: after a lost piece no other arrives. */
    private boolean passes(VirtualStream peer) {
        if (stalled) {
            return false;
        }
        switch (network.streamFate(owner.boundAddress(), remote)) {
            case PASSES -> {
                return true;
            }
            case STALLS -> stalled = true;
            case BREAKS -> {
                stalled = true;
                end(new TransportException("reset by " + remote));
                peer.end(new TransportException("reset by " + peer.remote));
            }
        }
        return false;
    }

    private void arrived(byte[] piece) {
        StreamHandler current = handler;
        if (!ended && current != null) {
            current.received(piece);
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
            later(() -> {
                if (passes(peer)) {
                    peer.owner.loop().execute(() -> peer.end(null));
                }
            });
        }
    }

    /** Ends the stream without a word to its handler, because the owner's process is gone; the other side sees a reset. */
    void breakOff() {
        VirtualStream peer = other;
        ended = true;
        owner.forget(this);
        if (peer != null) {
            later(() -> {
                if (passes(peer)) {
                    peer.owner.loop().execute(() -> peer.end(new TransportException("reset by " + peer.remote)));
                }
            });
        }
    }

    private void end(@Nullable Throwable failure) {
        if (!ended) {
            ended = true;
            owner.forget(this);
            owner.loop().execute(() -> {
                StreamHandler current = handler;
                if (current != null) {
                    current.closed(failure);
                }
            });
        }
    }

    /** Schedules an arrival at the other side, behind all earlier ones. */
    private void later(Runnable arrival) {
        lastArrivalNanos = Math.max(lastArrivalNanos, network.time.nanos() + network.delayNanos());
        network.time.schedule(lastArrivalNanos - network.time.nanos(), arrival);
    }
}
