package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.AddressQuota;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves the exchanges that other members begin. A member that sends all whom it knows is answered alone, and refused where too many
 * are served: it asks again later anyhow. Newcomers, who send little, are answered together.
 */
final class StateServer {
    /** A newcomer sends itself, and perhaps a few that joined with it. */
    private static final int NODES_OF_A_NEWCOMER = 8;

    /** Who joins waits for the answer; who asks once more does not, and there may be many of those. */
    private static final long PAUSE_OF_PULLS_NANOS = 100_000_000L;

    private static final String NAME_IS_TAKEN =
            "this member is in no cluster, since another process has its name: join another member";

    private final Context context;
    private final Membership membership;
    private final StateCollector collector;
    private final StateSync stateSync;
    private final AddressQuota serving;
    private final SharedAnswers joins;
    private final SharedAnswers pulls;

    StateServer(Context context, Membership membership, StateCollector collector, StateSync stateSync) {
        this.context = context;
        this.membership = membership;
        this.collector = collector;
        this.stateSync = stateSync;
        this.serving = new AddressQuota(context.config().limits().pushPullsServed());
        this.joins = answers(0, true);
        this.pulls = answers(PAUSE_OF_PULLS_NANOS, false);
    }

    private SharedAnswers answers(long pauseNanos, boolean join) {
        return new SharedAnswers(
                context, pauseNanos, next -> collector.collect(join, List.of(), next), this::mergeUnlessOut);
    }

    void stop() {
        pulls.stop();
    }

    /** Answers an exchange that another member began, and merges what it sent. */
    void serve(PushPullRequest request) {
        PushPull remote = request.state();
        NameDispute dispute = membership.dispute();
        if (dispute.keepsOthersOut() && !dispute.isAdmittedBy(remote.nodes())) {
            // Whoever took this member in now would take its name from the process that has it.
            request.answer(new ErrorMessage(NAME_IS_TAKEN), (nothing, failure) -> request.end());
            mergeUnlessOut(request);
            return;
        }
        List<PushPullNode> also = new ArrayList<>(context.tombstones().contradicting(remote.nodes()));
        also.addAll(membership.local().corrections(remote.nodes()));
        boolean isNewcomer = !remote.nodes().isEmpty()
                && remote.nodes().size() <= NODES_OF_A_NEWCOMER
                && remote.userState().length <= StateCollector.SMALL_STATE_BYTES;
        SharedAnswers together = remote.join() ? joins : pulls;
        InetAddress from = request.teller().address();
        // One that needs to be told more is answered alone, while there is room for that.
        boolean alone = !(isNewcomer && also.isEmpty()) && serving.tryAcquire(from, 1);
        if (alone) {
            answerAlone(request, also);
        } else if (!isNewcomer || !together.answer(request)) {
            long served = isNewcomer ? together.waiting() : serving.used();
            context.dropped(
                    DropReason.TOO_MANY_PUSH_PULLS, LogEvent.TOO_MANY_PUSH_PULLS, from.getHostAddress(), served);
            request.end();
        }
    }

    /** Answers and then merges, as the Go library does: a veto here does not keep the other side from this member's state. */
    private void answerAlone(PushPullRequest request, List<PushPullNode> also) {
        collector.collect(
                request.state().join(),
                also,
                state -> request.answer(state, (nothing, failure) -> {
                    serving.release(request.teller().address(), 1);
                    request.end();
                    if (failure == null) {
                        mergeUnlessOut(request);
                    }
                }));
    }

    /** A newcomer merges nothing from a cluster that knows a namesake; it only looks whether that one lives. */
    private void mergeUnlessOut(PushPullRequest request) {
        PushPull remote = request.state();
        NameDispute dispute = membership.dispute();
        PushPullNode namesake = dispute.namesake(remote.nodes());
        if (namesake == null && dispute.keepsOut() && dispute.isAdmittedBy(remote.nodes())) {
            // Whoever else says that the name is taken, this cluster has taken this member in.
            dispute.accepted(() -> merge(request));
        } else if (namesake == null || !dispute.isNewcomer()) {
            merge(request);
        } else {
            context.counters().drop(DropReason.NAME_CONFLICT);
            dispute.claimed(namesake.toAlive());
        }
    }

    private @Nullable Throwable merge(PushPullRequest request) {
        return stateSync.merge(
                request.teller(), request.state(), request.state().join(), () -> {});
    }
}
