package io.memberlist.swim;

import io.memberlist.delegate.StateDelegate;
import io.memberlist.logging.LogText;
import io.memberlist.member.MemberState;
import io.memberlist.member.NameTakenException;
import io.memberlist.metrics.DropReason;
import io.memberlist.metrics.Measurement;
import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Push/pull: exchanges the full state with another member. A periodic exchange with a random member repairs what gossip
 * missed; a join is an exchange with each seed.
 */
final class StateSync {
    private static final byte[] NO_STATE = new byte[0];

    private static final int FAILURES_OF_THE_LIVING = 2;

    private static final String NAME_IS_TAKEN =
            "this member is in no cluster, since another process has its name: join another member";

    private final Context context;
    private final Membership membership;
    private final StreamClient streams;
    final PeriodicTask rounds;
    private final AddressQuota serving;
    private final WaitingJoins waiting = new WaitingJoins();
    private final StateMerge merge;
    private final CatchUp catchUp;
    private boolean stopped;
    private int askingForState;
    private int round;

    StateSync(Context context, Membership membership, StreamClient streams) {
        this.context = context;
        this.membership = membership;
        this.streams = streams;
        this.serving = new AddressQuota(context.config().limits().pushPullsServed());
        this.rounds = new PeriodicTask(context.loop(), this::intervalNanos, this::round);
        this.merge = new StateMerge(context, membership);
        this.catchUp = new CatchUp(
                context, membership, (member, completion) -> new Exchange(member, false, completion).begin(List.of()));
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
            collect(join, also, this::send);
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

    /** Answers an exchange that another member began, and then merges what it sent. */
    void serve(Teller teller, PushPull remote, BiConsumer<Message, Completion<Void>> answer, Runnable end) {
        InetAddress from = teller.address();
        Runnable serve = () -> serveNow(teller, remote, answer, end);
        if (serving.tryAcquire(from, 1)) {
            serve.run();
        } else if (!waiting.offer(from, remote, serve)) {
            context.dropped(
                    DropReason.TOO_MANY_PUSH_PULLS,
                    LogEvent.TOO_MANY_PUSH_PULLS,
                    from.getHostAddress(),
                    serving.used());
            end.run();
        }
    }

    private void serveNow(Teller teller, PushPull remote, BiConsumer<Message, Completion<Void>> answer, Runnable end) {
        InetAddress from = teller.address();
        NameDispute dispute = membership.dispute();
        if (dispute.keepsOthersOut() && !dispute.isAdmittedBy(remote.nodes())) {
            // Whoever took this member in now would take its name from the process that has it.
            serving.release(from, 1);
            answer.accept(new ErrorMessage(NAME_IS_TAKEN), (nothing, failure) -> end.run());
            mergeUnlessOut(teller, remote);
            waiting.next(serving);
            return;
        }
        Completion<Void> answered = (nothing, failure) -> {
            serving.release(from, 1);
            end.run();
            if (failure == null) {
                mergeUnlessOut(teller, remote);
            }
            waiting.next(serving);
        };
        // The Go library answers before it merges, so a veto here does not keep the other side from our state.
        List<PushPullNode> also = new ArrayList<>(context.tombstones().contradicting(remote.nodes()));
        also.addAll(membership.local().corrections(remote.nodes()));
        collect(remote.join(), also, state -> answer.accept(state, answered));
    }

    /**
     * Collects what this member sends: the member table, and the application's own state, for which the application is called
     * off the loop.
     *
     * @param join whether the exchange is a join, for the delegate and the other side
     * @param also entries to send before those of the member table
     * @param next called on the loop, once, perhaps at once
     */
    private void collect(boolean join, List<PushPullNode> also, Consumer<PushPull> next) {
        StateDelegate delegate = context.config().delegates().state();
        // Where the application answers none of the calls before, what waits for it must not grow with what others ask.
        if (delegate == null || askingForState >= context.config().limits().pushPullsServed()) {
            next.accept(snapshot(join, also, NO_STATE));
            return;
        }
        askingForState++;
        UserState asked = new UserState(state -> next.accept(snapshot(join, also, state)));
        context.ask(() -> delegate.localState(join).clone(), NO_STATE, state -> {
            askingForState--;
            asked.answer(state);
        });
    }

    private PushPull snapshot(boolean join, List<PushPullNode> also, byte[] userState) {
        List<PushPullNode> nodes = new ArrayList<>(context.table().size() + also.size());
        // First: what corrects the other side would come too late after the entry that it corrects.
        nodes.addAll(also);
        for (MemberRecord record : context.table().records()) {
            nodes.add(record.toPushPullNode());
        }
        return new PushPull(join, nodes, userState);
    }

    /** The application's state, for which an exchange waits half of the TCP timeout. */
    private final class UserState {
        private final Consumer<byte[]> next;
        private final EventLoop.Timer timer;
        private boolean answered;

        UserState(Consumer<byte[]> next) {
            this.next = next;
            long nanos = context.streamTimeoutNanos() / 2;
            this.timer = context.loop().schedule(nanos, () -> {
                context.log().logSelf(LogEvent.STATE_SLOW);
                answer(NO_STATE);
            });
        }

        void answer(byte[] state) {
            if (answered) {
                return;
            }
            answered = true;
            timer.cancel();
            int max = context.config().limits().userStateSize();
            if (state.length > max) {
                context.log().logSelf(LogEvent.STATE_TOO_LARGE, state.length, max);
                next.accept(NO_STATE);
            } else {
                next.accept(state);
            }
        }
    }

    /** A newcomer merges nothing from a cluster that knows a namesake; it only looks whether that one lives. */
    private void mergeUnlessOut(Teller teller, PushPull remote) {
        NameDispute dispute = membership.dispute();
        PushPullNode namesake = dispute.namesake(remote.nodes());
        if (namesake == null && dispute.keepsOut() && dispute.isAdmittedBy(remote.nodes()) && !stopped) {
            // Whoever else says that the name is taken, this cluster has taken this member in.
            dispute.accepted(() -> merge(teller, remote, remote.join(), () -> {}));
        } else if (namesake == null || !dispute.isNewcomer() || stopped) {
            merge(teller, remote, remote.join(), () -> {});
        } else {
            context.counters().drop(DropReason.NAME_CONFLICT);
            dispute.claimed(namesake.toAlive());
        }
    }

    /**
     * Merges the state of another member.
     *
     * @param merged called when that is done, perhaps at once; not called where the state is refused
     * @return why the state is refused, which is logged, or null if it is not
     */
    private @Nullable Throwable merge(Teller teller, PushPull remote, boolean join, Runnable merged) {
        int before = context.table().live();
        return merge.take(teller, remote, join, () -> {
            if (before <= 1 && context.table().live() > 1) {
                catchUp.begin(teller);
            } else if (join && context.table().live() > before) {
                catchUp.askAgain(teller);
            }
            merged.run();
        });
    }
}
