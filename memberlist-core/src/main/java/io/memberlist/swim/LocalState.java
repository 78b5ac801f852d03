package io.memberlist.swim;

import io.memberlist.delegate.StateDelegate;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects what this member sends in a push/pull: the member table, and the application's own state, for which the
 * application is called off the loop.
 */
final class LocalState {
    private static final byte[] NONE = new byte[0];

    private final Context context;
    private int asking;

    LocalState(Context context) {
        this.context = context;
    }

    /**
     * Collects the state.
     *
     * @param join whether the exchange is a join, for the delegate and the other side
     * @param also entries to send beside those of the member table
     * @param next called on the loop, once, perhaps at once
     */
    void collect(boolean join, List<PushPullNode> also, Consumer<PushPull> next) {
        StateDelegate delegate = context.config().delegates().state();
        // Where the application answers none of the calls before, what waits for it must not grow with what others ask.
        if (delegate == null || asking >= context.config().limits().pushPullsServed()) {
            next.accept(snapshot(join, also, NONE));
            return;
        }
        asking++;
        UserState asked = new UserState(state -> next.accept(snapshot(join, also, state)));
        context.ask(() -> delegate.localState(join).clone(), NONE, state -> {
            asking--;
            asked.answer(state);
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

    /** The application's state, for which an exchange waits half of the TCP timeout. */
    private final class UserState {
        private final Consumer<byte[]> next;
        private final EventLoop.Timer timer;
        private boolean answered;

        UserState(Consumer<byte[]> next) {
            this.next = next;
            long nanos = context.streamTimeoutNanos() / 2;
            this.timer = context.loop().schedule(nanos, () -> {
                context.log().warn("the state delegate is too slow; exchanging without its state");
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
                context.log()
                        .error(
                                "the local state is {} bytes long; the limit is {}: exchanging without it",
                                state.length,
                                max);
                next.accept(NONE);
            } else {
                next.accept(state);
            }
        }
    }
}
