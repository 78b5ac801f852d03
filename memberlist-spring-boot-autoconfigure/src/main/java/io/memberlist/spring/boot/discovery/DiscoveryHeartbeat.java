package io.memberlist.spring.boot.discovery;

import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MemberRecoveredEvent;
import io.memberlist.spring.event.MemberSuspectedEvent;
import io.memberlist.spring.event.MembershipEvent;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;

/** Tells Spring Cloud that instances came, went or changed, so that what is remembered of them is asked anew. */
final class DiscoveryHeartbeat implements ApplicationListener<MembershipEvent> {
    private final ApplicationEventPublisher publisher;
    private final AtomicLong changes = new AtomicLong();

    DiscoveryHeartbeat(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void onApplicationEvent(MembershipEvent event) {
        // a suspected member is an instance all the while
        if (event instanceof MemberSuspectedEvent || event instanceof MemberRecoveredEvent) {
            return;
        }
        if (event instanceof MemberJoinedEvent && event.isLocal()) {
            // what waits for a discovery client to be ready, as the health of Spring Cloud's, waits for this
            publisher.publishEvent(new InstanceRegisteredEvent<>(this, event.member()));
        }
        publisher.publishEvent(new HeartbeatEvent(this, changes.incrementAndGet()));
    }
}
