package io.memberlist.swim;

import io.memberlist.delegate.StateDelegate;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects the state that this member sends: the member table, and the application's own state. */
final class StateCollector {
    private static final byte[] NO_STATE = new byte[0];

    /** A state of an application that asking for another one's may carry. */
    static final int SMALL_STATE_BYTES = 1024;

    private final Context context;
    private int askingForState;
    /** Whether the application has not answered in time, and has not answered since. */
    private boolean slow;

    StateCollector(Context context) {
        this.context = context;
    }

    /**
     * Collects the member table and the application's state, for which the application is asked off the loop.
     *
     * @param join whether the exchange is a join, for the delegate and the other side
     * @param also entries to send before those of the member table
     * @param next called on the loop, once, perhaps at once
     */
    void collect(boolean join, List<PushPullNode> also, Consumer<PushPull> next) {
        ask(join, state -> next.accept(new PushPull(join, nodes(also), state)));
    }

    /**
     * Collects little, for who asks another member for its state: no more than an entry of the member table, and the application's
     * state where it is small.
     */
    void collectLittle(PushPullNode own, Consumer<PushPull> next) {
        ask(
                false,
                state -> next.accept(
                        new PushPull(false, List.of(own), state.length > SMALL_STATE_BYTES ? NO_STATE : state)));
    }

    private void ask(boolean join, Consumer<byte[]> next) {
        StateDelegate delegate = context.config().delegates().state();
        // Where the application answers none of the calls before, what waits for it must not grow with what others ask.
        if (delegate == null
                || slow && askingForState > 0
                || askingForState >= context.config().limits().pushPullsServed()) {
            next.accept(NO_STATE);
            return;
        }
        askingForState++;
        UserState asked = new UserState(next);
        context.ask(() -> delegate.localState(join).clone(), NO_STATE, state -> {
            askingForState--;
            slow = false;
            asked.answer(state);
        });
    }

    private List<PushPullNode> nodes(List<PushPullNode> also) {
        List<PushPullNode> nodes = new ArrayList<>(context.table().size() + also.size());
        // First: what corrects the other side would come too late after the entry that it corrects.
        nodes.addAll(also);
        for (MemberRecord record : context.table().records()) {
            nodes.add(record.toPushPullNode());
        }
        return nodes;
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
                slow = true;
                answer(NO_STATE);
                context.log().logSelf(LogEvent.STATE_SLOW);
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
}
