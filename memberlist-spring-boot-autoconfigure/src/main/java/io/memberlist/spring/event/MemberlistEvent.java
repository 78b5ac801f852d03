package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import org.springframework.context.ApplicationEvent;

/** Something that a member noticed. */
public abstract class MemberlistEvent extends ApplicationEvent {
    MemberlistEvent(Memberlist memberlist) {
        super(memberlist);
    }

    /** {@return the member that noticed it, with its view of the cluster; it is the source of the event} */
    public final Memberlist memberlist() {
        return (Memberlist) getSource();
    }
}
