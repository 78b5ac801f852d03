package io.memberlist.swim;

import io.memberlist.delegate.PingDelegate;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers pings, and pings others for the application and on behalf of members that got no ack. */
final class Pinger {
    private static final byte[] NO_PAYLOAD = new byte[0];
    /** Many join at once, and ping before their news is here; what is sent to a forged address stays below 100 kB a second. */
    private static final int STRANGERS_PER_SECOND = 1000;

    /** Beside those: of members that are known as dead or gone. */
    private static final int FORMER_PER_SECOND = 100;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Context context;
    private final PacketSender sender;
    private final RateLimit strangers;
    private final RateLimit former;
    /** What the application said last. An ack cannot wait for it; each use asks for the next one. */
    private byte[] payload = NO_PAYLOAD;

    private boolean askingForPayload;

    Pinger(Context context, PacketSender sender) {
        this.context = context;
        this.sender = sender;
        this.strangers = new RateLimit(context.loop(), STRANGERS_PER_SECOND, SECOND_NANOS);
        this.former = new RateLimit(context.loop(), FORMER_PER_SECOND, SECOND_NANOS);
    }

    /** Asks the application what acks shall carry. */
    void start() {
        PingDelegate delegate = context.config().delegates().ping();
        if (delegate != null && !askingForPayload) {
            askingForPayload = true;
            context.ask(() -> delegate.ackPayload().clone(), NO_PAYLOAD, next -> {
                payload = next;
                askingForPayload = false;
            });
        }
    }

    /** Pings a member directly; completes with the round-trip time, or fails with a {@link TimeoutException}. */
    CompletableFuture<Duration> ping(String name, InetSocketAddress address) {
        return ping(new Recipient(address, name));
    }

    /** As {@link #ping(String, InetSocketAddress)}; without a name, whoever is at the address answers. */
    CompletableFuture<Duration> ping(Recipient who) {
        String name = who.name() == null ? "" : who.name();
        CompletableFuture<Duration> result = new CompletableFuture<>();
        Duration timeout = context.config().probe().timeout();
        long sentNanos = context.loop().nanoTime();
        long sequence = context.acks().nextSequence();
        context.acks().await(sequence, timeout.toNanos(), new PendingAcks.AckListener() {
            @Override
            public void acked(byte[] ackPayload, long receivedNanos) {
                result.complete(Duration.ofNanos(Math.max(0, receivedNanos - sentNanos)));
            }

            @Override
            public void timedOut() {
                String node = name.isEmpty() ? "" : "from node " + name + " ";
                result.completeExceptionally(new TimeoutException("No response " + node + "at "
                        + Addresses.text(who.address()) + " within " + timeout.toMillis() + " ms"));
            }
        });
        sender.send(who, new Ping(sequence, name, context.source()));
        return result;
    }

    void pingReceived(InetSocketAddress from, Ping ping) {
        if (!isForMe(ping)) {
            context.dropped(DropReason.WRONG_NODE, LogEvent.PING_FOR_ANOTHER, from, ping.node());
            return;
        }
        Recipient asker = answerTo(from, ping.source());
        if (isMember(asker, from)) {
            byte[] current = payload;
            start();
            sender.send(asker, new Ack(ping.sequence(), current));
        } else if (mayAnswer(asker, from)) {
            // Without the payload, which may be many times as long as the ping: anybody can forge the source of a
            // packet.
            sender.send(asker, new Ack(ping.sequence(), NO_PAYLOAD));
        }
    }

    /** {@return whether a live member asks: anybody can name one, but that only from another address} */
    private boolean isMember(Recipient asker, InetSocketAddress from) {
        return context.table().live(asker) != null
                && asker.address().getAddress().equals(from.getAddress());
    }

    private boolean mayAnswer(Recipient asker, InetSocketAddress from) {
        boolean may = isFormerMember(asker, from) && former.tryAcquire() || strangers.tryAcquire();
        if (!may) {
            context.dropped(DropReason.RATE_LIMITED, LogEvent.TOO_MANY_STRANGERS, from);
        }
        return may;
    }

    /** {@return whether a member asks that is known here as dead or gone} If it lives, no flood of strangers must hide that. */
    private boolean isFormerMember(Recipient asker, InetSocketAddress from) {
        MemberRecord known = asker.name() == null ? null : context.table().get(asker.name());
        return known != null
                && !known.state().isLive()
                && known.address().getAddress().equals(from.getAddress());
    }

    /** {@return whether a ping is for this member; one without a name is for whoever receives it} */
    boolean isForMe(Ping ping) {
        // A member restarted under another name must not keep its former self alive.
        return ping.node().isEmpty() || ping.node().equals(context.self());
    }

    void indirectPingReceived(InetSocketAddress from, IndirectPing request) {
        boolean samePort = request.port() == 0 || context.config().protocol().version() < 2;
        int port = samePort ? context.source().port() : request.port();
        if (!Addresses.valid(request.target(), port)) {
            context.dropped(DropReason.BAD_ADDRESS, LogEvent.INDIRECT_PING_ADDRESS, from, request.target().length);
            return;
        }
        Recipient asker = answerTo(from, request.source());
        Recipient target = new Recipient(Addresses.of(request.target(), port), request.node());
        if (!isMember(asker, from) && !(context.table().live(target) != null && mayAnswer(asker, from))) {
            // A stranger asks for a ping of another one: it is no use to this cluster.
            context.dropped(DropReason.RATE_LIMITED, LogEvent.STRANGERS_PING, from);
            return;
        }
        long sequence = context.acks().nextSequence();
        context.acks().await(sequence, nackNanos(), new Relay(request, asker, sequence));
        sender.send(target, new Ping(sequence, request.node(), context.source()));
    }

    /** Relays the ack of a member to the one that asked, and tells it by a nack where the ack does not come soon. */
    private final class Relay implements PendingAcks.AckListener {
        private final IndirectPing request;
        private final Recipient asker;
        private final long sequence;
        private boolean late;

        Relay(IndirectPing request, Recipient asker, long sequence) {
            this.request = request;
            this.asker = asker;
            this.sequence = sequence;
        }

        @Override
        public void acked(byte[] ackPayload, long receivedNanos) {
            sender.send(asker, new Ack(request.sequence(), NO_PAYLOAD));
        }

        @Override
        public void timedOut() {
            if (late) {
                return;
            }
            late = true;
            context.acks().await(sequence, context.config().probe().timeout().toNanos() - nackNanos(), this);
            if (request.nack()) {
                sender.send(asker, new Nack(request.sequence()));
            }
        }
    }

    /**
     * {@return how long to wait for an ack on behalf of another member before it gets a nack} The nack must arrive before the
     * probe of that member ends, or it takes its own health for bad. The Go library waits for the whole probe timeout, which is
     * too long with its own presets for LAN and WAN. An ack that comes later is relayed all the same.
     */
    private long nackNanos() {
        long timeoutNanos = context.config().probe().timeout().toNanos();
        long leftNanos = context.config().probe().interval().toNanos() - timeoutNanos;
        return (leftNanos > 0 ? Math.min(timeoutNanos, leftNanos) : timeoutNanos) * 4 / 5;
    }

    /**
     * {@return whom to answer: the address that a ping names if a live member has it, else where the packet came from} The Go
     * library answers to whatever address is named, so anybody can have a member send packets to a third.
     */
    private Recipient answerTo(InetSocketAddress from, @Nullable Source source) {
        if (source == null) {
            return Recipient.at(from);
        }
        if (Addresses.valid(source.address(), source.port())) {
            Recipient named = new Recipient(Addresses.of(source.address(), source.port()), source.node());
            if (context.table().live(named) != null) {
                return named;
            }
        }
        return new Recipient(from, source.node());
    }
}
