package io.memberlist.swim;

import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent.LocalHealthChanged;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every part of one member's protocol works with.
 *
 * @param ownSource this member, as its own pings say whom to answer
 */
record Context(
        String self,
        OwnSource ownSource,
        MemberlistConfig config,
        LifeguardSwitches lifeguard,
        EventLoop loop,
        Stalls stalls,
        MemberTable table,
        Tombstones tombstones,
        PendingAcks acks,
        LocalHealth health,
        Counters counters,
        MemberLog log,
        Callbacks callbacks,
        Extensions extensions,
        UserMessages userMessages) {

    /** @param advertised the address others shall use */
    static Context of(
            MemberlistConfig config,
            LifeguardSwitches lifeguard,
            EventLoop real,
            InetSocketAddress advertised,
            Counters counters) {
        String self = config.nodeName();
        Stalls stalls = new Stalls(
                real, lifeguard.stallAwareness() ? config.probe().timeout().toNanos() / 2 : Long.MAX_VALUE);
        EventLoop loop = stalls.watched();
        MemberTable table = new MemberTable(loop);
        Executor executor = config.callbackExecutor() != null ? config.callbackExecutor() : loop::callBack;
        MemberLog log = new MemberLog(loop, counters, self);
        Callbacks callbacks = new Callbacks(executor, self, config.limits().handoffQueueDepth(), log);
        Extensions extensions = new Extensions(config.extensions(), loop);
        EventDelegate events = config.delegates().event();
        LocalHealth health = new LocalHealth(
                lifeguard.localHealthProbe() ? config.suspicion().awarenessMaxMultiplier() : 1, score -> {
                    Member local = table.published(self);
                    if (events != null && local != null) {
                        // Not among the events that cancel each other out: at most a few come in a round of probes.
                        callbacks.call(() -> events.memberEvent(new LocalHealthChanged(local, score)));
                    }
                });
        MessageDelegate messages = config.delegates().message();
        Consumer<byte[]> toApplication = payload -> {
            if (messages != null) {
                callbacks.message(messages, payload);
            }
        };
        return new Context(
                self,
                new OwnSource(self, advertised),
                config,
                lifeguard,
                loop,
                stalls,
                table,
                new Tombstones(loop, config.stateSync().reconnectTimeout().toNanos()),
                new PendingAcks(loop),
                health,
                counters,
                log,
                callbacks,
                extensions,
                new UserMessages(extensions, loop, log, toApplication));
    }

    /** {@return this member, as its own pings say whom to answer} */
    Source source() {
        return ownSource.source;
    }

    /** The address of this member in its own pings, which changes when it moves. */
    static final class OwnSource {
        private final String self;
        private Source source;

        OwnSource(String self, InetSocketAddress advertised) {
            this.self = self;
            this.source = source(advertised);
        }

        void moveTo(InetSocketAddress advertised) {
            source = source(advertised);
        }

        private Source source(InetSocketAddress advertised) {
            return new Source(advertised.getAddress().getAddress(), advertised.getPort(), self);
        }
    }

    /**
     * Asks the application off the loop, after everything that it was called for before.
     *
     * @param otherwise the answer where the application throws, which is logged
     * @param answer called on the loop, once
     */
    <T> void ask(Supplier<T> question, T otherwise, Consumer<T> answer) {
        callbacks.call(() -> {
            T said = otherwise;
            try {
                said = question.get();
            } finally {
                T result = said;
                loop.execute(() -> answer.accept(result));
            }
        });
    }

    /** {@return whether a member, or whoever sends something, may have the address} All may where no networks are configured. */
    boolean allows(InetAddress address) {
        List<Cidr> networks = config.network().allowedNetworks();
        return networks == null || networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Counts a drop, and logs why unless the same about the same subject was logged a moment ago. */
    void dropped(DropReason reason, LogEvent event, Object subject, @Nullable Object... more) {
        log.dropped(reason, event, subject, more);
    }

    /**
     * Counts a drop, and logs why as {@link #logAbout} does.
     *
     * @param member the name of the member that it is about, or null where that is not known
     * @param subject what the line names: the member, or its address
     */
    void droppedAbout(
            @Nullable String member, DropReason reason, LogEvent event, Object subject, @Nullable Object... more) {
        counters.drop(reason);
        logAbout(member, event, subject, more);
    }

    /**
     * Logs what is about a member. Anybody can announce thousands that do not exist, so those that have never answered share their
     * lines.
     *
     * @param member the name of the member that it is about, or null where that is not known
     * @param subject what the line names: the member, or its address
     */
    void logAbout(@Nullable String member, LogEvent event, Object subject, @Nullable Object... more) {
        MemberRecord record = member == null ? null : table.get(member);
        if (record != null && record.everAnswered()) {
            log.log(event, subject, more);
        } else {
            log.logInvented(event, subject, more);
        }
    }

    /** {@return how long a step of an exchange over a stream may take} */
    long streamTimeoutNanos() {
        return config.network().tcpTimeout().toNanos();
    }

    /** {@return the time in which members that were given up will have heard of it and refuted} */
    long refutedNanos() {
        return Math.max(
                2 * config.probe().interval().toNanos(),
                4 * config.gossip().interval().toNanos());
    }
}
