package io.memberlist.swim;

import io.memberlist.logging.LogText;
import io.memberlist.member.MemberState;
import io.memberlist.member.NameTakenException;
import io.memberlist.metrics.Measurement;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Push/pull: exchanges the full state with another member. A periodic exchange with a random member repairs what gossip
 * missed; a join is an exchange with each seed.
 */
final class StateSync {
    private static final int FAILURES_OF_THE_LIVING = 2;

    private final Context context;
    private final Membership membership;
    private final StreamClient streams;
    private final StateCollector collector;
    final PeriodicTask rounds;
    private final StateMerge merge;
    private final CatchUp catchUp;
    private boolean stopped;
    private int round;

    StateSync(Context context, Membership membership, StreamClient streams, StateCollector collector) {
        this.context = context;
        this.membership = membership;
        this.streams = streams;
        this.collector = collector;
        this.rounds = new PeriodicTask(context.loop(), this::intervalNanos, this::round);
        this.merge = new StateMerge(context, membership);
        this.catchUp = new CatchUp(
                context,
                membership,
                (member, completion) -> new Exchange(member, false, completion).pull(),
                (member, completion) -> new Exchange(member, false, completion).begin(List.of()));
    }

    /** Another member is known, after none was. */
    void noLongerAlone() {
        catchUp.begin();
    }

    /** A member has told of one that was not known. */
    void toldOfNewcomer() {
        catchUp.toldOfNewcomer();
    }

    void stop() {
        stopped = true;
        rounds.stop();
        merge.stop();
        catchUp.stop();
    }

    private long intervalNanos() {
        return Formulas.pushPullIntervalNanos(
                context.config().stateSync().interval().toNanos(),
                context.table().size());
    }

    private void round() {
        // Every second time with one that surely exists, if there are any.
        int known = round++ & 1;
        List<MemberRecord> chosen = context.table()
                .random(1, known, record -> record != membership.me() && record.state() == MemberState.ALIVE);
        for (MemberRecord member : chosen) {
            new Exchange(member.recipient(), false, (nothing, failure) -> ended(member, failure)).begin(List.of());
        }
    }

    private void ended(MemberRecord member, @Nullable Throwable failure) {
        if (failure == null) {
            member.exchanged();
            return;
        }
        context.log().log(LogEvent.PUSH_PULL_FAILED, member.name(), failure.getMessage());
        // A member that crashes fails one exchange before it is suspected. Who lives and fails them all is out of step.
        if (member.state() == MemberState.ALIVE && member.exchangeFailed() == FAILURES_OF_THE_LIVING) {
            context.log().log(LogEvent.PUSH_PULLS_FAIL, member.name(), FAILURES_OF_THE_LIVING, failure.getMessage());
        }
    }

    /**
     * Exchanges state with a member that this one joins, or joins again. The merge delegates of both sides can refuse.
     *
     * @param also entries to send beside those of the member table
     * @param completion notified when both states are merged here, or when that failed. Where the other side knows another
     *     process under this member's name, that is when the name is free, or when it is clear that it will not be
     * @return to give up before the end
     */
    StreamClient.Cancellable join(Recipient with, List<PushPullNode> also, Completion<Void> completion) {
        return exchange(with, also, (nothing, failure) -> {
            if (failure instanceof NameTakenException) {
                membership.dispute().await(completion);
            } else {
                completion.done(null, failure);
            }
        });
    }

    /** Exchanges state as a join, which fails with {@link NameTakenException} at once where the name is taken. */
    StreamClient.Cancellable exchange(Recipient with, List<PushPullNode> also, Completion<Void> completion) {
        Exchange exchange = new Exchange(with, true, completion);
        exchange.begin(also);
        return exchange;
    }

    /** Exchanges state with members one after another; each is corrected if it knows this member at a former address. */
    void exchangeWithEach(Queue<Recipient> members) {
        Recipient next = members.poll();
        if (next != null && !stopped) {
            new Exchange(next, false, (nothing, failure) -> exchangeWithEach(members)).begin(List.of());
        }
    }

    /** An exchange that this member begins. Its methods stand in the order of its steps. */
    private final class Exchange implements StreamClient.Cancellable {
        private final Recipient with;
        private final boolean join;
        private final Completion<Void> completion;
        private final long begunNanos = context.loop().nanoTime();
        private StreamClient.@Nullable Cancellable stream;
        private boolean over;
        private boolean correcting;

        Exchange(Recipient with, boolean join, Completion<Void> completion) {
            this.with = with;
            this.join = join;
            this.completion = completion;
        }

        void begin(List<PushPullNode> also) {
            context.log().debug("Initiating push/pull sync with: {}", Addresses.text(with.address()));
            collector.collect(join, also, this::send);
        }

        /** Begins with nothing but this member and what is small of its application: whoever is asked knows the others. */
        void pull() {
            collector.collectLittle(membership.me().toPushPullNode(), this::send);
        }

        private void send(PushPull state) {
            if (!over) {
                stream = streams.exchange(with, state, context.streamTimeoutNanos(), this::answered);
            }
        }

        private void answered(@Nullable Message answer, @Nullable Throwable failure) {
            if (failure != null) {
                finish(failure);
            } else if (answer instanceof PushPull remote) {
                take(remote);
            } else if (answer instanceof ErrorMessage error) {
                finish(noState(
                        "remote error: " + Remedies.ofRemote(LogText.printable(error.error()), context.config())));
            } else {
                finish(noState("received an invalid message instead of a push/pull: " + LogText.printable(answer)));
            }
        }

        /** The stream works, and the other side does not take this member's state: that is no crash. */
        private TransportException noState(String why) {
            context.log().log(LogEvent.PUSH_PULL_ANSWER, with.address(), why);
            return new TransportException(why);
        }

        /** The answer was made before the other side merged anything, so the answer to a correction says nothing. */
        private void correct(PushPull remote) {
            List<PushPullNode> corrections =
                    correcting || stopped ? List.of() : membership.local().corrections(remote.nodes());
            if (!corrections.isEmpty()) {
                Exchange correction = new Exchange(with, false, Completion.IGNORED);
                correction.correcting = true;
                correction.begin(corrections);
            }
        }

        /** Merges the state of the other side, unless this is a newcomer whose name another process has there. */
        private void take(PushPull remote) {
            NameDispute dispute = membership.dispute();
            PushPullNode namesake = dispute.namesake(remote.nodes());
            if (namesake != null && dispute.isNewcomer() && !stopped) {
                taken(remote, dispute.refused(namesake, with, remote.nodes().size()));
                return;
            }
            // An exchange of this member with itself says nothing.
            boolean others =
                    remote.nodes().stream().anyMatch(node -> !node.name().equals(context.self()));
            Teller teller = Teller.asked(with.address());
            Throwable refused;
            if (namesake == null && others) {
                refused = dispute.accepted(() -> merge(teller, remote, join, () -> taken(remote, null)));
            } else {
                refused = merge(teller, remote, join, () -> {
                    if (namesake != null) {
                        dispute.refused(namesake, with, remote.nodes().size());
                    }
                    taken(remote, null);
                });
            }
            if (refused != null) {
                taken(remote, refused);
            }
        }

        private void taken(PushPull remote, @Nullable Throwable refused) {
            correct(remote);
            finish(refused);
        }

        private void finish(@Nullable Throwable failure) {
            if (over) {
                return;
            }
            over = true;
            context.counters().pushPulls.increment();
            long took = context.loop().nanoTime() - begunNanos;
            context.counters().pushPullNanos.add(took);
            context.counters().measure(Measurement.PUSH_PULL_TIME, took);
            completion.done(null, failure);
            if (failure == null) {
                context.extensions().stateExchanged(with.address());
            }
        }

        @Override
        public void cancel() {
            if (stream != null) {
                stream.cancel();
            }
            finish(new TransportException("given up"));
        }

        @Override
        public void cancelUnlessSent() {
            if (stream == null) {
                cancel();
            } else {
                stream.cancelUnlessSent();
            }
        }
    }

    /**
     * Merges the state of another member.
     *
     * @param merged called when that is done, perhaps at once; not called where the state is refused
     * @return why the state is refused, which is logged, or null if it is not
     */
    @Nullable
    Throwable merge(Teller teller, PushPull remote, boolean join, Runnable merged) {
        int before = context.table().live();
        return merge.take(teller, remote, join, () -> {
            boolean isFirst = before <= 1 && context.table().live() > 1;
            if (isFirst && !membership.isCatchingUp()) {
                catchUp.begin();
            }
            if (isFirst || join && context.table().live() > before) {
                catchUp.askAgain(teller);
            }
            if (isFirst) {
                catchUp.metFirst();
            }
            merged.run();
        });
    }
}
