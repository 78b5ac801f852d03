package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.spring.event.MemberFailedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.event.EventListener;

@SpringBootTest
@AutoConfigureMemberlist
class OrdersTests {
    @Autowired
    private Memberlist cluster;

    @Autowired
    private MemberlistTestNetwork network;

    @Autowired
    private Orders orders;

    @Test
    void takesOverWhenAnotherInstanceFails() {
        Memberlist other = network.start("orders-2");
        await().until(() -> cluster.numMembers() == 2);

        network.fail(other);

        await().untilAsserted(() -> assertThat(orders.takenOver).containsExactly("orders-2"));
    }

    @SpringBootApplication
    static class Orders {
        final List<String> takenOver = new CopyOnWriteArrayList<>();

        @EventListener
        void failed(MemberFailedEvent event) {
            takenOver.add(event.member().name());
        }
    }
}
