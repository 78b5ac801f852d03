package io.memberlist.spring.boot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.MemberlistMetrics;
import io.memberlist.spring.TestMembers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MemberlistMetricsAutoConfigurationTest {
    private final ApplicationContextRunner noMember = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class));
    private final ApplicationContextRunner noRegistry = noMember.withBean(
            Memberlist.class, () -> TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, "")));
    private final ApplicationContextRunner runner = noRegistry.withBean(SimpleMeterRegistry.class);

    @Test
    void bindsTheMemberToTheRegistry() {
        runner.run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("memberlist.members")
                            .tag("state", "alive")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @Test
    void isNotThereWithoutARegistry() {
        noRegistry
                .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("memberlistMetrics"));
    }

    @Test
    void isNotThereWithoutAMember() {
        noMember.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context).doesNotHaveBean(MemberlistMetrics.class));
    }

    @Test
    void isSwitchedOffWithTheRest() {
        runner.withPropertyValues("memberlist.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MemberlistMetrics.class));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        MemberlistMetrics own =
                new MemberlistMetrics(TestMembers.engine(TestMembers.member("x", MemberState.ALIVE, "")));
        runner.withBean("own", MemberlistMetrics.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(MemberlistMetrics.class).isSameAs(own));
    }
}
