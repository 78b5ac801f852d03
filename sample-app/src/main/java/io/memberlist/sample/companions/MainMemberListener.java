package io.memberlist.sample.companions;

import io.memberlist.member.MemberEvent.Type;
import io.memberlist.spring.event.MemberFailedEvent;
import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MemberLeftEvent;
import io.memberlist.spring.event.MemberRecoveredEvent;
import io.memberlist.spring.event.MemberSuspectedEvent;
import io.memberlist.spring.event.MembershipEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Notes what the application's own member hears; the companions tell it without Spring. */
@Component
class MainMemberListener {
    private final DisseminationTracker dissemination;

    MainMemberListener(DisseminationTracker dissemination) {
        this.dissemination = dissemination;
    }

    @EventListener
    void heard(MembershipEvent event) {
        dissemination.heard(event.memberlist().localMember().name(), type(event), event.member());
    }

    private static Type type(MembershipEvent event) {
        if (event instanceof MemberJoinedEvent) {
            return Type.JOINED;
        } else if (event instanceof MemberSuspectedEvent) {
            return Type.SUSPECTED;
        } else if (event instanceof MemberRecoveredEvent) {
            return Type.RECOVERED;
        } else if (event instanceof MemberFailedEvent) {
            return Type.FAILED;
        } else if (event instanceof MemberLeftEvent) {
            return Type.LEFT;
        }
        return Type.UPDATED;
    }
}
