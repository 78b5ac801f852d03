package io.memberlist.swim;

import io.memberlist.delegate.PingDelegate;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.Measurement;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failure detection: one member after the other, in a random order that is drawn anew each round, so that a failure is
 * noticed within a bounded time (SWIM, section 4.3).
 */
final class Prober {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final int STREAM_PING_SINCE = 3;
    private static final int NACK_SINCE = 4;

    private final Context context;
    private final Membership membership;
    private final PendingAcks acks;
    private final PacketSender sender;
    private final StreamClient streams;
    private final Source source;
    private final SerialRounds rounds;
    private EventLoop.Timer probe = () -> {};
    private int next;

    Prober(
            Context context,
            Membership membership,
            PendingAcks acks,
            PacketSender sender,
            StreamClient streams,
            Source source) {
        this.context = context;
        this.membership = membership;
        this.acks = acks;
        this.sender = sender;
        this.streams = streams;
        this.source = source;
        this.rounds = new SerialRounds(
                context.loop(),
                () -> context.config().probe().interval().toNanos(),
                this::probeNext,
                late -> context.counters().measure(Measurement.LOOP_LAG, late));
    }

    void start() {
        rounds.start();
    }

    void stop() {
        rounds.stop();
        probe.cancel();
    }

    private void probeNext(Runnable over) {
        MemberTable table = context.table();
        for (int looked = 0; looked <= table.size(); looked++) {
            if (next >= table.size()) {
                membership.removeDead();
                table.shuffle();
                next = 0;
                if (table.size() == 0) {
                    break;
                }
            }
            MemberRecord candidate = table.at(next++);
            if (candidate != membership.me() && candidate.state().isLive()) {
                new Probe(candidate, over).start();
                return;
            }
        }
        over.run();
    }

    /**
     * One probe of one member, from the ping to the verdict. Where packets of its own cannot leave it goes on when they
     * have, as the Go library's prober does, which waits in the call that sends: a member whose network stands still does
     * not take up one probe after the other and find nobody alive.
     */
    private final class Probe implements PendingAcks.AckListener {
        private final MemberRecord target;
        private final Runnable whenOver;
        private final long incarnation;
        private final long sequence = acks.nextSequence();
        private final long deadlineNanos;
        private final long sentNanos;
        private EventLoop.Timer probeTimeout = () -> {};
        private boolean direct = true;
        private int unsent;
        private boolean timeIsUp;
        private boolean over;
        private boolean answeredByStream;
        private int nacksExpected;
        private int nacks;

        Probe(MemberRecord target, Runnable whenOver) {
            this.target = target;
            this.whenOver = whenOver;
            this.incarnation = target.incarnation();
            this.sentNanos = context.loop().nanoTime();
            this.deadlineNanos =
                    context.health().scale(context.config().probe().interval().toNanos());
        }

        void start() {
            probe = this::giveUp;
            context.counters().probes.increment();
            if (context.health().score() > 0) {
                context.counters().degradedProbes.increment();
            }
            acks.await(sequence, deadlineNanos, this);
            unsent = 1;
            Ping ping = new Ping(sequence, target.name(), source);
            if (target.state() == MemberState.ALIVE || !context.lifeguard().buddySystem()) {
                sender.send(target.recipient(), ping, (nothing, failure) -> pingHasLeft());
            } else {
                // Lifeguard's buddy system: tell a suspected member at the first opportunity, so that it can refute.
                Suspect suspect = new Suspect(incarnation, target.name(), context.self());
                sender.sendTogether(target, (nothing, failure) -> pingHasLeft(), ping, suspect);
            }
        }

        private void pingHasLeft() {
            unsent--;
            if (over) {
                return;
            }
            if (timeIsUp) {
                // The answer can no longer come in time, and the verdict is not put off; the Go library asks and
                // judges.
                askOthers();
                concludeIfDue();
            } else {
                probeTimeout = context.loop()
                        .schedule(context.config().probe().timeout().toNanos(), this::askOthers);
            }
        }

        /** No answer in time. Not stretched by the local health: waiting longer does not bring a lost packet back. */
        private void askOthers() {
            direct = false;
            log.debug("{}: Failed UDP ping: {} (timeout reached)", context.self(), target.name());
            List<MemberRecord> helpers = context.table()
                    .random(
                            context.config().probe().indirectChecks(),
                            record -> record != membership.me()
                                    && record != target
                                    && record.state() == MemberState.ALIVE);
            unsent = helpers.size();
            for (MemberRecord helper : helpers) {
                boolean nack = context.lifeguard().localHealthProbe() && helper.protocolMax() >= NACK_SINCE;
                if (nack) {
                    nacksExpected++;
                }
                sender.send(
                        helper.recipient(),
                        new IndirectPing(
                                sequence,
                                target.view().address().getAddress().getAddress(),
                                target.address().getPort(),
                                target.name(),
                                nack,
                                source),
                        (nothing, failure) -> {
                            unsent--;
                            concludeIfDue();
                        });
            }
            if (mayPingByStream()) {
                pingByStream();
            }
        }

        private boolean mayPingByStream() {
            return !context.config().probe().disableStreamPings()
                    && !context.config().probe().disableStreamPingsFor().test(target.name())
                    && target.protocolMax() >= STREAM_PING_SINCE;
        }

        private void pingByStream() {
            long left = sentNanos + deadlineNanos - context.loop().nanoTime();
            streams.exchange(target.recipient(), new Ping(sequence, target.name(), source), left, (answer, failure) -> {
                if (answer instanceof Ack ack && ack.sequence() == sequence) {
                    answeredByStream = true;
                } else if (answer != null) {
                    log.error(
                            "{}: Failed fallback TCP ping: {} answered with {}",
                            context.self(),
                            target.name(),
                            ThrottledLog.printable(answer));
                }
            });
        }

        private void giveUp() {
            over = true;
            probeTimeout.cancel();
        }

        private void ended() {
            giveUp();
            long took = context.loop().nanoTime() - sentNanos;
            context.counters().probeNanos.add(took);
            context.counters().measure(Measurement.PROBE_TIME, took);
        }

        @Override
        public void acked(byte[] payload, long receivedNanos) {
            ended();
            PingDelegate delegate = context.config().delegates().ping();
            // Only the direct way says something about the distance.
            if (direct) {
                context.counters().measure(Measurement.PROBE_ROUND_TRIP, receivedNanos - sentNanos);
            }
            if (direct && delegate != null) {
                Duration roundTrip = Duration.ofNanos(Math.max(0, receivedNanos - sentNanos));
                context.callbacks().offer(0, () -> delegate.pingCompleted(target.view(), roundTrip, payload));
            }
            finished(-1);
        }

        @Override
        public void nacked() {
            nacks++;
        }

        @Override
        public void timedOut() {
            timeIsUp = true;
            concludeIfDue();
        }

        private void concludeIfDue() {
            if (timeIsUp && unsent == 0 && !over) {
                conclude();
            }
        }

        private void conclude() {
            ended();
            if (answeredByStream) {
                log.warn(
                        "{}: Was able to connect to {} over TCP but UDP probes failed, network may be misconfigured",
                        context.self(),
                        target.name());
                finished(-1);
                return;
            }
            context.counters().probesFailed.increment();
            log.info("{}: Suspect {} has failed, no acks received", context.self(), target.name());
            membership.suspectUnanswered(target.name(), incarnation);
            finished(nacksExpected > 0 ? Math.max(0, nacksExpected - nacks) : 1);
        }

        private void finished(int healthDelta) {
            context.health().apply(healthDelta);
            whenOver.run();
        }
    }
}
