package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.sample.ClusterMessages.Greeting;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds out which members received a broadcast. Members of this JVM report it directly. Members of other processes that
 * run the sample send a receipt to the origin.
 */
@Component
public final class DeliveryReceipts {
    private static final String TOPIC = "sample.receipt";

    private final DisseminationTracker dissemination;
    private final JsonMapper json;

    DeliveryReceipts(DisseminationTracker dissemination, JsonMapper json) {
        this.dissemination = dissemination;
        this.json = json;
    }

    /** Lets a member of this JVM report what it receives. */
    void attach(Memberlist member) {
        ClusterMessaging.of(member).subscribe(Greeting.TOPIC, message -> heard(member, message));
        ClusterMessaging.of(member)
                .subscribe(TOPIC, receipt -> dissemination.heardAlso(receipt.origin(), receipt.payloadText()));
    }

    private void heard(Memberlist member, ClusterMessage message) {
        String self = member.localMember().name();
        String id = message.id().toString();
        String text = json.readValue(message.payload(), Greeting.class).text();
        if (dissemination.isHere(message.origin())) {
            dissemination.message(self, id, text, names(member));
            return;
        }
        dissemination.message(self, id, text, Set.of());
        member.member(message.origin())
                .ifPresent(origin -> ClusterMessaging.of(member)
                        .send(origin, TOPIC, id.getBytes(StandardCharsets.UTF_8), Delivery.RELIABLE));
    }

    private static Set<String> names(Memberlist member) {
        Set<String> names = new HashSet<>();
        for (Member other : member.members()) {
            names.add(other.name());
        }
        return names;
    }
}
