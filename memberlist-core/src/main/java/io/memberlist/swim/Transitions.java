package io.memberlist.swim;

import io.memberlist.Member;
import io.memberlist.MemberState;
import io.memberlist.delegate.EventDelegate;

/** Lets members enter states, shows other threads what changed, and tells the application. */
final class Transitions {
    private final Context context;

    Transitions(Context context) {
        this.context = context;
    }

    void enter(MemberRecord record, MemberState state) {
        record.enter(state, context.loop().nanoTime(), context.loop().wallClock());
        context.table().publish(record);
    }

    void tell(MemberRecord record, EventCall call) {
        EventDelegate delegate = context.config().eventDelegate();
        if (delegate != null) {
            Member member = record.view();
            context.callbacks().call(() -> call.on(delegate, member));
        }
    }

    /** One of the methods of {@link EventDelegate}. */
    @FunctionalInterface
    interface EventCall {
        void on(EventDelegate delegate, Member member);
    }
}
