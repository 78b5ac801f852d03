package io.memberlist.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.actuate.MemberlistInfoContributor;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MemberlistInfoContributorAutoConfigurationTest {
    private final ApplicationContextRunner noMember = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MemberlistInfoContributorAutoConfiguration.class));
    private final ApplicationContextRunner runner = noMember.withBean(
            Memberlist.class,
            () -> TestMembers.engine(
                    TestMembers.member("a", MemberState.ALIVE, ""), TestMembers.member("b", MemberState.ALIVE, "")));

    @Test
    void tellsWhoTheMemberIs() {
        runner.run(context -> {
            Info.Builder info = new Info.Builder();
            context.getBean(MemberlistInfoContributor.class).contribute(info);
            assertThat(info.build().getDetails().get("memberlist"))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .contains(
                            Map.entry("name", "a"),
                            Map.entry("address", "10.0.0.1"),
                            Map.entry("port", 7946),
                            Map.entry("state", "alive"),
                            Map.entry("members", 2),
                            Map.entry("encrypted", false));
        });
    }

    @Test
    void isSwitchedOffAsOtherContributorsAre() {
        for (String off : new String[] {"management.info.memberlist.enabled", "management.info.defaults.enabled"}) {
            runner.withPropertyValues(off + "=false")
                    .run(context -> assertThat(context).doesNotHaveBean(InfoContributor.class));
        }
        runner.withPropertyValues("management.info.defaults.enabled=false", "management.info.memberlist.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(InfoContributor.class));
        runner.withPropertyValues("memberlist.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(InfoContributor.class));
    }

    @Test
    void isNotThereWithoutAMemberOrActuator() {
        noMember.run(context -> assertThat(context).doesNotHaveBean(InfoContributor.class));
        runner.withClassLoader(new FilteredClassLoader(InfoContributor.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("memberlistInfoContributor"));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        MemberlistInfoContributor own =
                new MemberlistInfoContributor(TestMembers.engine(TestMembers.member("x", MemberState.ALIVE, "")));
        runner.withBean("own", MemberlistInfoContributor.class, () -> own)
                .run(context -> assertThat(context)
                        .getBean(MemberlistInfoContributor.class)
                        .isSameAs(own));
    }
}
