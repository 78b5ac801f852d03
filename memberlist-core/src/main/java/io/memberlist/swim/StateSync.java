package io.memberlist.swim;

import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Push/pull: full state exchanges. One with a random member now and then repairs what gossip missed; a join is one with
 * each seed.
 */
final class StateSync {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    private static final byte[] NONE = new byte[0];

    private final Context context;
    private final Membership membership;
    private final Tombstones tombstones;
    private final StreamClient streams;
    private final PeriodicTask rounds;
    private boolean stopped;
    private final AddressQuota serving;
    private int asking;

    StateSync(Context context, Membership membership, Tombstones tombstones, StreamClient streams) {
        this.tombstones = tombstones;
        this.context = context;
        this.membership = membership;
        this.streams = streams;
        this.serving = new AddressQuota(context.config().limits().pushPullsServed());
        this.rounds = new PeriodicTask(context.loop(), this::intervalNanos, this::round);
    }

    void start() {
        rounds.start();
    }

    void stop() {
        stopped = true;
        rounds.stop();
    }

    private long intervalNanos() {
        return Formulas.pushPullIntervalNanos(
                context.config().stateSync().interval().toNanos(),
                context.table().size());
    }

    private void round() {
        List<MemberRecord> chosen =
                context.table().random(1, record -> record != membership.me() && record.state() == MemberState.ALIVE);
        for (MemberRecord member : chosen) {
            exchange(member.recipient(), false, List.of(), failure -> {
                if (failure != null) {
                    log.error("{}: Push/Pull with {} failed: {}", context.self(), member.name(), failure.getMessage());
                }
            });
        }
    }

    /**
     * Exchanges state with a member.
     *
     * @param also entries to send beside those of the members known
     * @param outcome hears null when both states are merged here, or the failure
     * @return to give up before the end
     */
    StreamClient.Cancellable exchange(
            Recipient with, boolean join, List<PushPullNode> also, Consumer<@Nullable Throwable> outcome) {
        log.debug("{}: Initiating push/pull sync with: {}", context.self(), Addresses.text(with.address()));
        long begunNanos = context.loop().nanoTime();
        PendingExchange pending = new PendingExchange(failure -> {
            context.counters().pushPulls.increment();
            long took = context.loop().nanoTime() - begunNanos;
            context.counters().pushPullNanos.add(took);
            context.counters().measure(Measurement.PUSH_PULL_TIME, took);
            outcome.accept(failure);
            if (failure == null) {
                context.extensions().stateExchanged(with.address());
            }
        });
        localState(
                join,
                also,
                state -> pending.begin(() -> streams.exchange(
                        with,
                        state,
                        context.config().network().tcpTimeout().toNanos(),
                        (answer, failure) -> pending.finish(failure != null ? failure : takeIn(answer, join)))));
        return pending;
    }

    private @Nullable Throwable takeIn(@Nullable Message answer, boolean join) {
        if (answer instanceof PushPull remote) {
            return merge(remote, join);
        }
        if (answer instanceof ErrorMessage error) {
            return new TransportException("remote error: " + ThrottledLog.printable(error.error()));
        }
        return new TransportException(
                "received an invalid message instead of a push/pull: " + ThrottledLog.printable(answer));
    }

    /** Answers an exchange that another member began, and then merges what it sent. */
    void serve(InetAddress from, PushPull remote, BiConsumer<Message, Completion<Void>> answer, Runnable end) {
        if (!serving.tryAcquire(from, 1)) {
            context.log()
                    .dropped(DropReason.TOO_MANY_PUSH_PULLS, "Too many pending push/pull requests", serving.used());
            end.run();
            return;
        }
        // The Go library answers before it merges, so a veto here does not keep the other side from our state.
        localState(
                remote.join(),
                tombstones.contradicting(remote.nodes()),
                state -> answer.accept(state, (nothing, failure) -> {
                    serving.release(from, 1);
                    end.run();
                    Throwable refused = failure != null ? failure : merge(remote, remote.join());
                    if (refused != null) {
                        context.log().log(Level.ERROR, "merge", "Failed push/pull merge", refused.getMessage());
                    }
                }));
    }

    private @Nullable Throwable merge(PushPull remote, boolean join) {
        if (stopped) {
            // It was being decoded off the loop when the member was shut down, and would begin suspicions.
            return new TransportException("this member has been shut down");
        }
        String incompatible = Versions.incompatibility(context.table().published(), remote.nodes());
        if (incompatible != null) {
            return new TransportException(incompatible);
        }
        MergeDelegate veto = context.config().delegates().merge();
        if (join && veto != null) {
            try {
                veto.verifyMerge(members(remote));
            } catch (RuntimeException e) {
                context.counters().drop(DropReason.VETOED);
                return new TransportException("merge refused: " + e.getMessage(), e);
            }
        }
        membership.merge(remote.nodes());
        StateDelegate delegate = context.config().delegates().state();
        if (delegate != null && remote.userState().length > 0) {
            // What waits is bounded; state that is dropped comes again with the next exchange.
            byte[] state = remote.userState();
            context.callbacks().offer(state.length, () -> delegate.mergeRemoteState(state, join));
        }
        return null;
    }

    private List<Member> members(PushPull remote) {
        MemberState[] states = MemberState.values();
        List<Member> members = new ArrayList<>();
        for (PushPullNode node : remote.nodes()) {
            if (Addresses.valid(node.address(), node.port()) && node.state() >= 0 && node.state() < states.length) {
                members.add(new Member(
                        node.name(),
                        Addresses.of(node.address(), node.port()),
                        node.meta(),
                        states[node.state()],
                        node.incarnation(),
                        Versions.of(node.versions()),
                        context.loop().wallClock()));
            }
        }
        return members;
    }

    /** Gathers what this member knows, with the application's own state, which is asked for off the loop. */
    private void localState(boolean join, List<PushPullNode> also, Consumer<PushPull> next) {
        StateDelegate delegate = context.config().delegates().state();
        if (delegate == null) {
            next.accept(snapshot(join, also, NONE));
            return;
        }
        if (asking >= context.config().limits().pushPullsServed()) {
            // The application answered none of those before; what waits for it must not grow with what others ask.
            next.accept(snapshot(join, also, NONE));
            return;
        }
        asking++;
        UserState asked = new UserState(state -> next.accept(snapshot(join, also, state)));
        context.callbacks().call(() -> {
            byte[] state = NONE;
            try {
                state = delegate.localState(join).clone();
            } finally {
                byte[] answer = state;
                context.loop().execute(() -> {
                    asking--;
                    asked.answer(answer);
                });
            }
        });
    }

    private PushPull snapshot(boolean join, List<PushPullNode> also, byte[] userState) {
        List<PushPullNode> nodes = new ArrayList<>(context.table().size() + also.size());
        for (MemberRecord record : context.table().records()) {
            nodes.add(record.toPushPullNode());
        }
        nodes.addAll(also);
        return new PushPull(join, nodes, userState);
    }

    /** The application's answer, for which an exchange waits only so long. */
    private final class UserState {
        private final Consumer<byte[]> next;
        private final EventLoop.Timer timer;
        private boolean answered;

        UserState(Consumer<byte[]> next) {
            this.next = next;
            long nanos = context.config().network().tcpTimeout().toNanos() / 2;
            this.timer = context.loop().schedule(nanos, () -> {
                log.warn("{}: the state delegate is too slow; exchanging without its state", context.self());
                answer(NONE);
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
                log.error(
                        "{}: the local state is {} bytes long; the limit is {}: exchanging without it",
                        context.self(),
                        state.length,
                        max);
                next.accept(NONE);
            } else {
                next.accept(state);
            }
        }
    }

    /** An exchange from before it has a stream until its outcome. */
    private static final class PendingExchange implements StreamClient.Cancellable {
        private final Consumer<@Nullable Throwable> outcome;
        private StreamClient.@Nullable Cancellable stream;
        private boolean finished;

        PendingExchange(Consumer<@Nullable Throwable> outcome) {
            this.outcome = outcome;
        }

        void begin(java.util.function.Supplier<StreamClient.Cancellable> open) {
            if (!finished) {
                stream = open.get();
            }
        }

        void finish(@Nullable Throwable failure) {
            if (!finished) {
                finished = true;
                outcome.accept(failure);
            }
        }

        @Override
        public void cancel() {
            if (stream != null) {
                stream.cancel();
            }
            finish(new TransportException("given up"));
        }
    }
}
