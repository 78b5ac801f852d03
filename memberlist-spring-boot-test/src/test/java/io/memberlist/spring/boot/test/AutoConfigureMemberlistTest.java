package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** A test without its own configuration, like a slice; no method leaves anything behind for the next. */
@SpringJUnitConfig
@AutoConfigureMemberlist
@TestPropertySource(properties = "memberlist.node-name=main")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutoConfigureMemberlistTest {
    @Autowired
    private Memberlist member;

    @Autowired
    private MemberlistTestNetwork network;

    @Test
    @Order(1)
    void theApplicationIsAMemberOfTheTestsNetwork() {
        assertThat(member.localMember().name()).isEqualTo("main");
        assertThat(member.config().transportFactory()).isSameAs(network);

        Memberlist other = network.start("other");
        await().until(() -> member.numMembers() == 2);
        network.fail(other);
    }

    @Test
    @Order(2)
    void theNextMethodFindsTheNetworkHealedAndEmpty() {
        await().until(() -> member.numMembers() == 1 && network.everybody().size() == 1);

        network.start("another");

        await().until(() -> member.numMembers() == 2);
    }
}
