package io.memberlist.transport.virtual;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a stream. Bytes arrive in order, in pieces, after the network's delay. */
final class VirtualStream implements Stream {
    private static final int PIECE_BYTES = 1024;

    private final VirtualNetwork network;
    private final VirtualTransport owner;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private @Nullable StreamHandler handler;

    /** The other end. */
    final VirtualStream peer;

    private long lastArrivalNanos;
    private boolean ended;
    private boolean stalled;

    /** Creates both ends. The other one gets its handler when the target accepts it. */
    VirtualStream(VirtualNetwork network, VirtualTransport owner, VirtualTransport target, StreamHandler handler) {
        this.network = network;
        this.owner = owner;
        this.local = owner.address();
        this.remote = target.address();
        this.handler = handler;
        this.peer = new VirtualStream(network, target, this);
    }

    private VirtualStream(VirtualNetwork network, VirtualTransport owner, VirtualStream peer) {
        this.network = network;
        this.owner = owner;
        this.local = peer.remote;
        this.remote = peer.local;
        this.peer = peer;
    }

    void open() {
        if (!ended) {
            call(current -> current.opened(this));
        }
    }

    void accepted(StreamHandler by) {
        handler = by;
        open();
    }

    private void call(Consumer<StreamHandler> callback) {
        StreamHandler current = handler;
        if (current != null) {
            callback.accept(current);
        }
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
        for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE_BYTES));
            later(() -> {
                if (!peer.ended && passes()) {
                    peer.owner.eventLoop().execute(() -> peer.arrived(piece));
                }
            });
        }
        owner.eventLoop().execute(() -> completion.done(null, null));
    }

    /** Asks the network about the next piece. A stream has no holes: after a lost piece no other arrives. */
    private boolean passes() {
        if (stalled) {
            return false;
        }
        switch (network.streamFate(local, remote)) {
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
        if (!ended) {
            call(current -> current.received(piece));
        }
    }

    @Override
    public void close() {
        if (!ended) {
            end(null);
            endPeer(null);
        }
    }

    /** Ends the stream without a word to its handler, because the owner's process is gone; the other side sees a reset. */
    void breakOff() {
        ended = true;
        owner.streams.remove(this);
        endPeer(new TransportException("reset by " + peer.remote));
    }

    /** Lets nothing pass any more, in either direction: an address of the two is gone, and no end is told so. */
    void fallSilent() {
        stalled = true;
        peer.stalled = true;
    }

    private void endPeer(@Nullable Throwable failure) {
        later(() -> {
            if (passes()) {
                peer.owner.eventLoop().execute(() -> peer.end(failure));
            }
        });
    }

    private void end(@Nullable Throwable failure) {
        if (!ended) {
            ended = true;
            owner.streams.remove(this);
            owner.eventLoop().execute(() -> call(current -> current.closed(failure)));
        }
    }

    /** Schedules an arrival at the other side, behind all earlier ones. */
    private void later(Runnable arrival) {
        lastArrivalNanos = Math.max(lastArrivalNanos, network.time.nanos() + network.delayNanos());
        network.time.schedule(lastArrivalNanos - network.time.nanos(), arrival);
    }
}
