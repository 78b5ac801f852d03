package io.memberlist.spring.boot.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.autoconfigure.MemberlistConnectionDetails;
import io.memberlist.spring.boot.health.MemberlistHealthIndicator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MemberlistHealthContributorAutoConfigurationTest {
    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MemberlistHealthContributorAutoConfiguration.class));
    private final ApplicationContextRunner runner =
            bare.withBean(Memberlist.class, () -> TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, "")));

    @Test
    void aloneWithoutSeedsIsUp() {
        runner.run(context -> assertThat(status(context)).isEqualTo(Status.UP));
    }

    @Test
    void aloneThoughSeedsAreConfiguredIsUp() {
        runner.withPropertyValues("memberlist.join=10.0.0.7")
                .run(context -> assertThat(status(context)).isEqualTo(Status.UP));
    }

    @Test
    void aloneThoughSeedsAreConfiguredIsOutOfServiceIfWanted() {
        runner.withPropertyValues("memberlist.join=10.0.0.7", "memberlist.health.out-of-service-until-joined=true")
                .run(context -> assertThat(status(context)).isEqualTo(Status.OUT_OF_SERVICE));
    }

    @Test
    void aloneThoughTheApplicationSaysWhereOthersAreIsOutOfServiceIfWanted() {
        runner.withBean(MemberlistConnectionDetails.class, () -> () -> List.of("10.0.0.7"))
                .withPropertyValues("memberlist.health.out-of-service-until-joined=true")
                .run(context -> assertThat(status(context)).isEqualTo(Status.OUT_OF_SERVICE));
    }

    @Test
    void whoHasNoSeedsIsUpWhateverIsWanted() {
        runner.withPropertyValues("memberlist.health.out-of-service-until-joined=true")
                .run(context -> assertThat(status(context)).isEqualTo(Status.UP));
    }

    @Test
    void aGroupMayNameTheIndicatorWhereTheMemberIsSwitchedOff() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MemberlistHealthContributorAutoConfiguration.class,
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class,
                        AvailabilityHealthContributorAutoConfiguration.class))
                .withPropertyValues(
                        "memberlist.enabled=false",
                        "management.endpoint.health.group.readiness.include=memberlist",
                        "management.endpoint.health.group.readiness.show-details=always")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    HealthDescriptor readiness =
                            context.getBean(HealthEndpoint.class).healthForPath("readiness", "memberlist");
                    assertThat(readiness.getStatus()).isEqualTo(Status.UP);
                    assertThat(((IndicatedHealthDescriptor) readiness).getDetails())
                            .hasEntrySatisfying(
                                    "reason", why -> assertThat(why).asString().contains("memberlist.enabled"));
                });
    }

    @Test
    void isSwitchedOffAsEveryIndicatorIs() {
        runner.withPropertyValues("management.health.memberlist.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MemberlistHealthIndicator.class));
    }

    @Test
    void isSwitchedOffWithTheRest() {
        runner.withPropertyValues("memberlist.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MemberlistHealthIndicator.class));
    }

    @Test
    void isNotThereWithoutAMember() {
        bare.run(context -> assertThat(context).doesNotHaveBean(MemberlistHealthIndicator.class));
    }

    @Test
    void backsOffWithoutHealthSupport() {
        runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("memberlistHealthContributor"));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        HealthIndicator own = () -> Health.unknown().build();
        runner.withBean("memberlistHealthIndicator", HealthIndicator.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(HealthIndicator.class).isSameAs(own));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memberlistHealthIndicator", "memberlistHealthContributor"})
    void backsOffForTheApplicationsOwnUnderEitherName(String name) {
        HealthIndicator own = () -> Health.unknown().build();
        runner.withBean(name, HealthIndicator.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(HealthContributor.class).isSameAs(own));
    }

    @Test
    void severalMembersAreAComposite() {
        runner.withBean(
                        "second",
                        Memberlist.class,
                        () -> TestMembers.engine(TestMembers.member("b", MemberState.LEFT, "")))
                .run(context -> assertThat(context.getBean(CompositeHealthContributor.class).stream())
                        .extracting(entry ->
                                ((HealthIndicator) entry.contributor()).health().getStatus())
                        .containsExactlyInAnyOrder(Status.UP, Status.OUT_OF_SERVICE));
    }

    private static Status status(AssertableApplicationContext context) {
        return context.getBean(MemberlistHealthIndicator.class).health().getStatus();
    }
}
