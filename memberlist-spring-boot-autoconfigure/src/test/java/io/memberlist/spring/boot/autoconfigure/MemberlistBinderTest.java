package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.autoconfigure.MemberlistBinder.Plan;
import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.PortInUseException;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class MemberlistBinderTest {
    private final List<MemberlistConfig> asked = new ArrayList<>();
    private final MemberlistConfig config =
            MemberlistConfig.lan().nodeName("a-7946").build();

    @Test
    void picksAFreePortWhenTheDefaultOneIsTaken() {
        Memberlist bound =
                binder(new Plan(config, true, port -> "a-" + port), portInUse()).bind();

        assertThat(bound.localMember().name()).isEqualTo("a-0");
        assertThat(asked).extracting(it -> it.network().bindPort()).containsExactly(7946, 0);
    }

    @Test
    void keepsANameThatWasChosen() {
        Memberlist bound = binder(new Plan(config, true, null), portInUse()).bind();

        assertThat(bound.localMember().name()).isEqualTo("a-7946");
        assertThat(asked).hasSize(2);
    }

    @Test
    void refusesWhenTheApplicationInsistsOnThePort() {
        assertThatExceptionOfType(MemberlistPortInUseException.class)
                .isThrownBy(() -> binder(new Plan(config, false, port -> "other"), portInUse())
                        .bind())
                .withMessageContaining("7946")
                .withMessageContaining("memberlist.network.bind-port");
        assertThat(asked).hasSize(1);
    }

    @Test
    void doesNotMistakeAForeignAddressForAPortInUse() {
        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> binder(
                                new Plan(config, true, null),
                                new AddressNotAvailableException("10.9.9.9 is not ours", null))
                        .bind())
                .isNotInstanceOf(MemberlistPortInUseException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void namesThePropertyThatCannotBeUsedAtTheFreePort() {
        MemberlistBinder binder = new MemberlistBinder(new Plan(config, true, null), it -> {
            if (it.network().bindPort() != 0) {
                throw new MemberlistException("cannot bind", portInUse());
            }
            throw new InvalidSettingException(
                    "network.advertiseAddress", "network.advertiseAddress 'nowhere' does not resolve: correct it");
        });

        assertThatExceptionOfType(InvalidMemberlistPropertyException.class)
                .isThrownBy(binder::bind)
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("memberlist.network.advertise-address"));
    }

    @Test
    void restartsAsItself() {
        Plan plan = new Plan(config, true, port -> "a-" + port);
        Memberlist member = restartable(config.toBuilder().nodeName("a-7946").build());

        new MemberlistBinder(plan, it -> member).restart(member);

        verify(member).restart();
        verify(member, never()).restart(any());
    }

    @Test
    void picksAnotherPortAndNameWhereThePortItHadPickedIsTaken() {
        MemberlistConfig picked = config.toBuilder().network(n -> n.bindPort(0)).build();
        Plan plan = new Plan(picked, false, port -> "a-" + port);
        Memberlist member = restartable(picked);
        when(member.restart()).thenReturn(failed(portInUse()));

        new MemberlistBinder(plan, it -> member).restart(member);

        assertThat(asked).extracting(it -> it.network().bindPort()).containsExactly(0);
        assertThat(asked).extracting(MemberlistConfig::nodeName).containsExactly("a-0");
    }

    @Test
    void picksAnotherPortWhereTheDefaultOneIsTakenMeanwhile() {
        Plan plan = new Plan(config, true, port -> "a-" + port);
        Memberlist member = restartable(config);
        when(member.restart()).thenReturn(failed(portInUse()));

        new MemberlistBinder(plan, it -> member).restart(member);

        assertThat(asked).extracting(it -> it.network().bindPort()).containsExactly(0);
        assertThat(asked).extracting(MemberlistConfig::nodeName).containsExactly("a-0");
    }

    @Test
    void doesNotRestartAtAnotherPortThanTheApplicationInsistsOn() {
        Plan plan = new Plan(config, false, null);
        Memberlist member = restartable(config);
        when(member.restart()).thenReturn(failed(portInUse()));

        assertThatExceptionOfType(MemberlistPortInUseException.class)
                .isThrownBy(() -> new MemberlistBinder(plan, it -> member).restart(member));
        assertThat(asked).isEmpty();
    }

    @Test
    void saysWhyItDoesNotRestart() {
        Plan plan = new Plan(config, true, null);
        Memberlist member = restartable(config);
        when(member.restart()).thenReturn(failed(new IOException("no route")));

        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> new MemberlistBinder(plan, it -> member).restart(member))
                .withMessage("cannot bind");
        assertThat(asked).isEmpty();
    }

    @Test
    void takesANewDefaultNameOnAnotherMachine() {
        Plan plan = new Plan(config, true, port -> "app-newhost-" + port);
        Memberlist member =
                restartable(config.toBuilder().nodeName("app-oldhost-7946").build());

        new MemberlistBinder(plan, it -> member).restart(member);

        verify(member, never()).restart();
        assertThat(asked).extracting(MemberlistConfig::nodeName).containsExactly("app-newhost-7946");
        assertThat(asked).extracting(it -> it.network().bindPort()).containsExactly(7946);
    }

    @Test
    void theFailureAnalysisNamesThePropertyAndTheRemedy() {
        MemberlistPortInUseException failure =
                new MemberlistPortInUseException("10.0.0.1", 4711, new BindException("in use"));

        FailureAnalysis analysis =
                new MemberlistPortInUseFailureAnalyzer().analyze(new IllegalStateException("a bean", failure));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).contains("4711", "10.0.0.1", "memberlist.network.bind-port");
        assertThat(analysis.getAction()).contains("memberlist.network.bind-port", "0 for a free");
    }

    /** A member that can be restarted, and remembers with which changes. */
    private Memberlist restartable(MemberlistConfig config) {
        Memberlist member = TestMembers.engine(config, TestMembers.member(config.nodeName(), MemberState.ALIVE, ""));
        when(member.restart()).thenReturn(CompletableFuture.completedFuture(null));
        when(member.restart(any())).thenAnswer(call -> {
            UnaryOperator<MemberlistConfigBuilder> change = call.getArgument(0);
            asked.add(change.apply(config.toBuilder()).build());
            return CompletableFuture.completedFuture(null);
        });
        return member;
    }

    private static CompletableFuture<Void> failed(Exception cause) {
        return CompletableFuture.failedFuture(new MemberlistException("cannot bind", cause));
    }

    private static Exception portInUse() {
        return new IOException("wrapped", new PortInUseException("taken", null));
    }

    /** An engine that fails for a certain port. */
    private MemberlistBinder binder(Plan plan, Exception cause) {
        return new MemberlistBinder(plan, it -> {
            asked.add(it);
            if (it.network().bindPort() != 0) {
                throw new MemberlistException("cannot bind", cause);
            }
            return TestMembers.engine(it, TestMembers.member(it.nodeName(), MemberState.ALIVE, ""));
        });
    }
}
