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

/** Publishes a heartbeat when instances come, go or change, so that Spring Cloud renews what it caches of them. */
final class DiscoveryHeartbeat implements ApplicationListener<MembershipEvent> {
    private final ApplicationEventPublisher publisher;
    private final AtomicLong changes = new AtomicLong();

    DiscoveryHeartbeat(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void onApplicationEvent(MembershipEvent event) {
        if (!changesInstances(event)) {
            return;
        }
        if (event instanceof MemberJoinedEvent && event.isLocal()) {
            // Spring Cloud's own health indicator and others wait for this event until a discovery client is ready
            publisher.publishEvent(new InstanceRegisteredEvent<>(this, event.member()));
        }
        publisher.publishEvent(new HeartbeatEvent(this, changes.incrementAndGet()));
    }

    /** A suspected member is still an instance. One that becomes degraded may have failed. */
    static boolean changesInstances(MembershipEvent event) {
        return !(event instanceof MemberSuspectedEvent || event instanceof MemberRecoveredEvent);
    }
}
