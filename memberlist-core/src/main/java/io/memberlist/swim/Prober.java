package io.memberlist.swim;

import io.memberlist.config.ProbeConfig;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.Measurement;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import java.time.Duration;
import java.util.List;

/**
 * Detects failures: probes one member after the other, in a random order that is drawn anew each round, so that a failure
 * is noticed within a bounded time (SWIM, section 4.3).
 */
final class Prober {
    private static final int STREAM_PING_SINCE = 3;
    private static final int NACK_SINCE = 4;

    private final Context context;
    private final Membership membership;
    private final MemberRecord me;
    private final PacketSender sender;
    private final StreamClient streams;
    private final ReachabilityCheck reachability;
    private static final int PROBES_BETWEEN_STRANGERS = 3;
    private static final int NONE = -1;
    /** How often a probe is repeated because this process stood still: those who are dead must be found all the same. */
    private static final int MAX_REPEATS = 2;

    private final ProbeConfig config;
    final PeriodicTask rounds;
    private EventLoop.Timer probe = () -> {};
    private int next;
    /** How many probes of members that have answered before come before the next one of a member that never did. */
    private int untilStranger;

    private boolean answeredInPass;

    Prober(
            Context context,
            Membership membership,
            PacketSender sender,
            StreamClient streams,
            ReachabilityCheck reachability) {
        this.context = context;
        this.membership = membership;
        this.me = membership.me();
        this.sender = sender;
        this.streams = streams;
        this.reachability = reachability;
        this.config = context.config().probe();
        this.rounds = new PeriodicTask(
                context.loop(),
                () -> config.interval().toNanos(),
                this::probeNext,
                late -> context.counters().measure(Measurement.LOOP_LAG, late));
    }

    /** {@return whether a member may be pinged over a stream, and would answer} */
    static boolean mayPingByStream(ProbeConfig config, MemberRecord target) {
        return !config.disableStreamPings()
                && !config.disableStreamPingsFor().test(target.name())
                && target.protocolMax() >= STREAM_PING_SINCE;
    }

    void stop() {
        rounds.stop();
        probe.cancel();
    }

    private void probeNext(Runnable over) {
        MemberTable table = context.table();
        if (table.isAlone()) {
            rounds.rest();
            over.run();
            return;
        }
        int stranger = NONE;
        for (int looked = 0; looked <= table.size(); looked++) {
            if (next >= table.size()) {
                if (stranger != NONE && !answeredInPass) {
                    break; // nobody has ever answered: each has its turn
                }
                membership.removeDead();
                table.shuffle();
                next = 0;
                stranger = NONE;
                answeredInPass = false;
                if (table.size() == 0) {
                    break;
                }
            }
            int index = next++;
            MemberRecord candidate = table.at(index);
            if (candidate == me || !candidate.state().isLive()) {
                continue;
            }
            if (candidate.everAnswered() || untilStranger == 0) {
                probe(candidate, over);
                return;
            }
            if (stranger == NONE) {
                stranger = index;
            }
        }
        if (stranger == NONE) {
            over.run();
        } else {
            next = stranger + 1;
            probe(table.at(stranger), over);
        }
    }

    /**
     * Probes a member. One that has never answered has its turn once in a few probes only: anybody can announce thousands of
     * members that do not exist, and the failure of a real one must be found all the same.
     */
    private void probe(MemberRecord member, Runnable over) {
        answeredInPass |= member.everAnswered();
        untilStranger = member.everAnswered() ? Math.max(0, untilStranger - 1) : PROBES_BETWEEN_STRANGERS;
        new Probe(member, over, 0).start();
    }

    /**
     * The states of a probe. An ack, or the end of this member, leads from each of them to OVER.
     *
     * <pre>
     *   PINGING --ping sent--> AWAITING_ACK --probe timeout--> INDIRECT
     *      |                        |                             |
     *   deadline                 deadline             deadline, all packets sent --> OVER
     *      |                        |                 deadline, some unsent ------> OVERDUE
     *      v                        v
     *   OVERDUE --all sent-----> OVER
     * </pre>
     *
     * <p>Where this process stood still meanwhile, there is no verdict, and the member is probed again. Nobody else is asked before that.
     */
    enum State {
        /** The ping has not left yet. */
        PINGING,
        /** The ping has left, and its ack is due. */
        AWAITING_ACK,
        /** Other members have been asked to ping, and a ping over a stream is on its way. */
        INDIRECT,
        /** The deadline has passed, but packets have not left yet: there is no verdict before they have. */
        OVERDUE,
        /** There is a verdict, or nobody waits for one any more. */
        OVER;

        boolean mayBecome(State next) {
            return switch (this) {
                case PINGING -> next != INDIRECT && next != PINGING;
                case AWAITING_ACK -> next == INDIRECT || next == OVER;
                case INDIRECT -> next == OVERDUE || next == OVER;
                case OVERDUE -> next == OVER;
                case OVER -> false;
            };
        }
    }

    /**
     * One probe of one member, from the ping to the verdict. Where its packets cannot leave, it goes on when they have,
     * as the Go library's prober does, which waits in the call that sends. So a member whose network is blocked does not
     * begin one probe after the other and find nobody alive.
     */
    private final class Probe implements PendingAcks.AckListener {
        private final MemberRecord target;
        private final Runnable whenOver;
        private final int repeats;
        private final long incarnation;
        private final long sequence = context.acks().nextSequence();
        private final long deadlineNanos;
        private final long sentNanos;
        private EventLoop.Timer probeTimeout = () -> {};
        private State state = State.PINGING;
        /** Packets that have not left yet. */
        private int unsent;

        /** Whether it is clear before the deadline that the member will be asked again. */
        private boolean hasNoVerdict;

        private boolean answeredByStream;
        private int nacksExpected;
        private int nacks;

        /** @param repeats how often the member has been asked already without a verdict */
        Probe(MemberRecord target, Runnable whenOver, int repeats) {
            this.repeats = repeats;
            this.target = target;
            this.whenOver = whenOver;
            this.incarnation = target.incarnation();
            this.sentNanos = context.loop().nanoTime();
            this.deadlineNanos = context.health().scale(config.interval().toNanos());
        }

        private void enter(State next) {
            if (!state.mayBecome(next)) {
                throw new IllegalStateException("a probe cannot become " + next + " after " + state);
            }
            state = next;
        }

        void start() {
            probe = this::cancel;
            context.counters().probes.increment();
            if (context.health().score() > 0) {
                context.counters().degradedProbes.increment();
            }
            context.acks().await(sequence, deadlineNanos, this);
            unsent = 1;
            Ping ping = new Ping(sequence, target.name(), context.source());
            if (target.state() == MemberState.ALIVE || !context.lifeguard().buddySystem()) {
                sender.send(target.recipient(), ping, (nothing, failure) -> pingSent());
            } else {
                // Lifeguard's buddy system: notify a suspected member at the first opportunity, so that it can refute.
                Suspect suspect = new Suspect(incarnation, target.name(), context.self());
                sender.sendTogether(target, (nothing, failure) -> pingSent(), ping, suspect);
            }
        }

        private void pingSent() {
            unsent--;
            if (state == State.PINGING) {
                enter(State.AWAITING_ACK);
                // Not stretched by the local health: to wait longer does not bring a lost packet back.
                probeTimeout = context.loop().schedule(config.timeout().toNanos(), this::probeTimedOut);
            } else if (state == State.OVERDUE) {
                // No answer can come in time any more. The Go library still asks others before its verdict.
                askOthers();
                concludeIfDue();
            }
        }

        private void probeTimedOut() {
            hasNoVerdict = stoodStill();
            if (hasNoVerdict) {
                // Where all members share a processor that is too slow, asking others keeps them all too busy to
                // answer.
                return;
            }
            enter(State.INDIRECT);
            askOthers();
        }

        private void askOthers() {
            context.log().debug("Failed UDP ping: {} (timeout reached)", target.name());
            sender.unanswered(target);
            List<MemberRecord> helpers = context.table()
                    .random(
                            config.indirectChecks(),
                            config.indirectChecks(),
                            record -> record != me && record != target && record.state() == MemberState.ALIVE);
            unsent = helpers.size();
            helpers.forEach(this::ask);
            if (mayPingByStream(config, target)) {
                pingByStream();
            }
        }

        private void ask(MemberRecord helper) {
            boolean nack = context.lifeguard().localHealthProbe() && helper.protocolMax() >= NACK_SINCE;
            nacksExpected += nack ? 1 : 0;
            IndirectPing request = new IndirectPing(
                    sequence,
                    target.address().getAddress().getAddress(),
                    target.address().getPort(),
                    target.name(),
                    nack,
                    context.source());
            sender.send(helper.recipient(), request, (nothing, failure) -> {
                unsent--;
                concludeIfDue();
            });
        }

        private void pingByStream() {
            long left = sentNanos + deadlineNanos - context.loop().nanoTime();
            streams.exchange(
                    target.recipient(),
                    new Ping(sequence, target.name(), context.source()),
                    left,
                    (answer, failure) -> {
                        if (answer instanceof Ack ack && ack.sequence() == sequence) {
                            answeredByStream = true;
                        } else if (answer != null) {
                            context.log().log(LogEvent.STREAM_PING_ANSWER, target.name(), answer);
                        }
                    });
        }

        @Override
        public void acked(byte[] payload, long receivedNanos) {
            reachability.answered();
            // Only a direct ack says something about the distance.
            boolean direct = state == State.PINGING || state == State.AWAITING_ACK;
            close();
            target.hasAnswered();
            if (direct) {
                long roundTripNanos = Math.max(0, receivedNanos - sentNanos);
                context.counters().measure(Measurement.PROBE_ROUND_TRIP, roundTripNanos);
                PingDelegate delegate = context.config().delegates().ping();
                if (delegate != null) {
                    Duration roundTrip = Duration.ofNanos(roundTripNanos);
                    context.callbacks().offer(0, () -> delegate.pingCompleted(target.view(), roundTrip, payload));
                }
            }
            finish(-1);
        }

        @Override
        public void nacked() {
            nacks++;
        }

        @Override
        public void timedOut() {
            if (unsent > 0) {
                enter(State.OVERDUE);
            } else {
                conclude();
            }
        }

        private void concludeIfDue() {
            if (state == State.OVERDUE && unsent == 0) {
                conclude();
            }
        }

        private void conclude() {
            close();
            if (answeredByStream) {
                target.hasAnswered();
                if (reachability.packetsUnanswered(target)) {
                    context.log().log(LogEvent.PROBED_BY_STREAM, target.name());
                }
                finish(-1);
                return;
            }
            if (hasNoVerdict || stoodStill()) {
                askAgain();
                return;
            }
            context.counters().probesFailed.increment();
            context.logAbout(target.name(), LogEvent.SUSPECTED, target.name());
            membership.suspectUnanswered(target.name(), incarnation);
            // Nacks that did not come mean that this member itself is cut off (Lifeguard).
            finish(nacksExpected > 0 ? Math.max(0, nacksExpected - nacks) : 1);
        }

        /** {@return whether this process stood still since the ping, and the member was not asked again for it too often} */
        private boolean stoodStill() {
            return repeats < MAX_REPEATS && context.stalls().nanosSince(sentNanos) > 0;
        }

        /** This process stood still meanwhile, so that the answer may have been missed: that is a sign of its own health. */
        private void askAgain() {
            context.health().apply(1);
            if (context.table().get(target.name()) == target && target.state().isLive()) {
                new Probe(target, whenOver, repeats + 1).start();
            } else {
                whenOver.run();
            }
        }

        private void close() {
            cancel();
            long took = context.loop().nanoTime() - sentNanos;
            context.counters().probeNanos.add(took);
            context.counters().measure(Measurement.PROBE_TIME, took);
        }

        private void finish(int healthDelta) {
            context.health().apply(healthDelta);
            whenOver.run();
        }

        private void cancel() {
            if (state != State.OVER) {
                enter(State.OVER);
                probeTimeout.cancel();
            }
        }
    }
}
