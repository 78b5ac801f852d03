package io.memberlist.sample;

import io.memberlist.Member;
import io.memberlist.spring.event.MemberFailedEvent;
import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MemberLeftEvent;
import io.memberlist.spring.event.MemberUpdatedEvent;
import io.memberlist.spring.event.UserMessageEvent;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Hears of what happens in the cluster: any bean may, with a method like these. */
@Component
class ClusterLog {
    private static final Logger log = LoggerFactory.getLogger(ClusterLog.class);

    @EventListener
    void joined(MemberJoinedEvent event) {
        Member member = event.member();
        log.info(
                "{} joined at {}:{}",
                member.name(),
                member.address().getHostString(),
                member.address().getPort());
    }

    @EventListener
    void left(MemberLeftEvent event) {
        log.info("{} left", event.member().name());
    }

    @EventListener
    void failed(MemberFailedEvent event) {
        log.warn("{} failed", event.member().name());
    }

    @EventListener
    void updated(MemberUpdatedEvent event) {
        log.info(
                "{} now says {} of itself",
                event.member().name(),
                event.member().tags());
    }

    @EventListener
    void received(UserMessageEvent event) {
        log.info("message: {}", new String(event.payload(), StandardCharsets.UTF_8));
    }
}
