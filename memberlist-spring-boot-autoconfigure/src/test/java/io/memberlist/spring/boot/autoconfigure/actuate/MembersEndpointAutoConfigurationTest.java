package io.memberlist.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.actuate.MembersEndpoint;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MembersEndpointAutoConfigurationTest {
    private static final String EXPOSED = "management.endpoints.web.exposure.include=members";

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MembersEndpointAutoConfiguration.class));
    private final ApplicationContextRunner runner =
            bare.withBean(Memberlist.class, () -> TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, "")));

    @Test
    void isThereWhereItIsExposed() {
        runner.withPropertyValues(EXPOSED).run(context -> assertThat(context).hasSingleBean(MembersEndpoint.class));
    }

    @Test
    void isNotThereWhereItIsNotExposed() {
        runner.run(context -> assertThat(context).doesNotHaveBean(MembersEndpoint.class));
    }

    @Test
    void isNotThereWithoutAccess() {
        runner.withPropertyValues(EXPOSED, "management.endpoint.members.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(MembersEndpoint.class));
    }

    @Test
    void isNotThereWithoutAMember() {
        bare.withPropertyValues(EXPOSED).run(context -> assertThat(context).doesNotHaveBean(MembersEndpoint.class));
    }

    @Test
    void isSwitchedOffWithTheRest() {
        runner.withPropertyValues(EXPOSED, "memberlist.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MembersEndpoint.class));
    }

    @Test
    void backsOffWithoutActuator() {
        runner.withPropertyValues(EXPOSED)
                .withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MembersEndpoint.class));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        MembersEndpoint own =
                new MembersEndpoint(TestMembers.engine(TestMembers.member("x", MemberState.ALIVE, "")), Duration.ZERO);
        runner.withPropertyValues(EXPOSED)
                .withBean("own", MembersEndpoint.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(MembersEndpoint.class).isSameAs(own));
    }
}
