package io.memberlist.spring.boot.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.spring.TestMembers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.client.ServiceInstance;

class ServiceTagsTest {
    private static Optional<ServiceInstance> instance(Map<String, String> tags) {
        return ServiceTags.instance(TestMembers.member("m", MemberState.ALIVE, MemberTags.encode(tags)));
    }

    @Test
    void aMemberIsAnInstanceByItsTags() {
        ServiceInstance instance = instance(Map.of(
                        "service", "web", "service.port", "443", "service.scheme", "https", "service.host", "::1"))
                .orElseThrow();

        assertThat(instance.getInstanceId()).isEqualTo("m");
        assertThat(instance.getServiceId()).isEqualTo("web");
        assertThat(instance.isSecure()).isTrue();
        assertThat(instance.getScheme()).isEqualTo("https");
        assertThat(instance.getUri()).hasToString("https://[::1]:443");
        assertThat(instance.getMetadata()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "99999999999", "-1", "80a", "٨٠"})
    void whatIsNoPortMakesNoInstance(String port) {
        assertThat(instance(Map.of("service", "web", "service.port", port))).isEmpty();
    }

    @Test
    void withoutServiceOrPortThereIsNoInstance() {
        assertThat(instance(Map.of("service.port", "80"))).isEmpty();
        assertThat(instance(Map.of("service", "web"))).isEmpty();
        assertThat(instance(Map.of("service", "", "service.port", "80"))).isEmpty();
        assertThat(ServiceTags.instance(TestMembers.member("m", MemberState.ALIVE, "service=web")))
                .isEmpty();
    }
}
