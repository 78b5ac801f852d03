package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.spring.messaging.MemberlistTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** A slice for controllers, one of which sends cluster messages. */
@WebMvcTest
@AutoConfigureMemberlist
@Import(SliceTest.Orders.class)
class SliceTest {
    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private Memberlist member;

    @Test
    void aControllerIsGivenTheTemplate() {
        assertThat(mvc.post().uri("/orders")).hasStatusOk().hasBodyTextEqualTo("sent");
        assertThat(member.isRunning()).isTrue();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    @Controller
    static class Orders {
        private final MemberlistTemplate cluster;

        Orders(MemberlistTemplate cluster) {
            this.cluster = cluster;
        }

        @PostMapping("/orders")
        @ResponseBody
        String place() {
            cluster.broadcast(new Placed(4711)).join();
            return "sent";
        }
    }

    record Placed(int order) {}
}
