package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.web.client.RestClient;

/** An application with a web server and Actuator, whose member the test has replaced by a mock that it says little of. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.join=10.0.0.2",
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.show-details=always"
        })
class MockedMemberTest {
    @MockitoBean
    private Memberlist member;

    @MockitoBean
    private ClusterMessaging messaging;

    @LocalServerPort
    private int port;

    @Test
    void doesNoHarmAnywhere() {
        when(member.numMembers()).thenReturn(3);
        RestClient client = RestClient.builder()
                .baseUrl("http://127.0.0.1:" + port + "/actuator")
                .defaultStatusHandler(status -> true, (request, response) -> {})
                .build();

        assertThat(client.get().uri("/health").retrieve().body(String.class)).contains("the member is a mock");
        for (String path : new String[] {"/info", "/members", "/members/a", "/metrics"}) {
            assertThat(client.get()
                            .uri(path)
                            .retrieve()
                            .toBodilessEntity()
                            .getStatusCode()
                            .value())
                    .as(path)
                    .isLessThan(500);
        }
        assertThat(client.get().uri("/metrics").retrieve().body(String.class)).contains("names");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}
}
