package io.memberlist.sample.companions;

import io.memberlist.spring.event.MembershipEvent;
import java.util.Locale;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Records the events of the application's own member; the companions do that without Spring. */
@Component
record MainMemberListener(DisseminationTracker dissemination) {
    @EventListener
    void heard(MembershipEvent event) {
        String kind = event.getClass().getSimpleName().replaceAll("^Member|Event$", "");
        dissemination.heard(event.memberlist().localMember().name(), kind.toLowerCase(Locale.ROOT), event.member());
    }
}
