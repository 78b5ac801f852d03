package io.memberlist.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.spring.TestMembers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceMemberTest {
    private static Optional<ServiceMember> instance(Map<String, String> tags) {
        return ServiceMember.of(TestMembers.member("m", MemberState.ALIVE, MemberTags.encode(tags)));
    }

    @Test
    void aMemberIsAnInstanceByItsTags() {
        ServiceMember instance = instance(Map.of(
                        "service", "web", "service.port", "443", "service.scheme", "https", "service.host", "::1"))
                .orElseThrow();

        assertThat(instance.member().name()).isEqualTo("m");
        assertThat(instance.service()).isEqualTo("web");
        assertThat(instance.secure()).isTrue();
        assertThat(instance.scheme()).isEqualTo("https");
        assertThat(instance.uri()).hasToString("https://[::1]:443");
        assertThat(instance.metadata()).isEmpty();
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
        assertThat(ServiceMember.of(TestMembers.member("m", MemberState.ALIVE, "service=web")))
                .isEmpty();
    }
}
