package io.memberlist.swim;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.util.function.Function;

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

    /** @param kind makes the event, of the member as it is now */
    void tell(MemberRecord record, Function<Member, MemberEvent> kind) {
        EventDelegate delegate = context.config().delegates().event();
        if (delegate != null) {
            context.callbacks().event(delegate, kind.apply(record.view()));
        }
    }
}
