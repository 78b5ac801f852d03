package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.autoconfigure.MemberlistBinder.Plan;
import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class MemberlistBinderTest {
    private final List<MemberlistConfig> asked = new ArrayList<>();
    private final MemberlistConfig config =
            MemberlistConfig.lan().nodeName("a-7946").build();

    @Test
    void picksAFreePortWhenTheDefaultOneIsTaken() {
        Memberlist bound = binder(portInUse()).bind(new Plan(config, true, port -> "a-" + port));

        assertThat(bound.localMember().name()).isEqualTo("a-0");
        assertThat(asked).extracting(it -> it.network().bindPort()).containsExactly(7946, 0);
    }

    @Test
    void keepsANameThatWasChosen() {
        Memberlist bound = binder(portInUse()).bind(new Plan(config, true, null));

        assertThat(bound.localMember().name()).isEqualTo("a-7946");
        assertThat(asked).hasSize(2);
    }

    @Test
    void refusesWhenTheApplicationInsistsOnThePort() {
        assertThatExceptionOfType(MemberlistPortInUseException.class)
                .isThrownBy(() -> binder(portInUse()).bind(new Plan(config, false, port -> "other")))
                .withMessageContaining("7946")
                .withMessageContaining("memberlist.network.bind-port");
        assertThat(asked).hasSize(1);
    }

    @Test
    void doesNotMistakeAForeignAddressForAPortInUse() {
        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> binder(new AddressNotAvailableException("10.9.9.9 is not ours", null))
                        .bind(new Plan(config, true, null)))
                .isNotInstanceOf(MemberlistPortInUseException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void bindsAgainAsItselfWithTheMetadataLastSet() {
        MemberlistBinder binder = new MemberlistBinder(it -> engine(it, "old"));
        Plan plan = new Plan(config.toBuilder().network(n -> n.bindPort(7950)).build(), false, null);

        Memberlist again = binder.rebind(plan, engine(plan.config(), "new"));

        assertThat(again.config().nodeName()).isEqualTo("a-7946");
        assertThat(again.config().network().bindPort()).isEqualTo(7950);
        assertThat(again.config().meta()).asString().isEqualTo("new");
    }

    @Test
    void asksForThePortItHadPicked() {
        List<Integer> opened = new ArrayList<>();
        TransportFactory network = bind -> {
            opened.add(bind.getPort());
            return CompletableFuture.failedFuture(new TransportException("not here"));
        };
        MemberlistBinder binder = new MemberlistBinder(it -> {
            asked.add(it);
            Objects.requireNonNull(it.transportFactory())
                    .open(new InetSocketAddress("127.0.0.1", it.network().bindPort()));
            if (asked.size() == 1) {
                throw new MemberlistException("taken meanwhile");
            }
            return engine(it, "");
        });
        Plan plan = new Plan(config.toBuilder().transportFactory(network).build(), true, port -> "a-" + port);
        // picked 7946 although asked for any, as the address of the test's members says
        Memberlist previous =
                engine(plan.config().toBuilder().network(n -> n.bindPort(0)).build(), "");

        Memberlist again = binder.rebind(plan, previous);

        assertThat(opened).containsExactly(7946, 0);
        assertThat(asked).extracting(it -> it.network().bindPort()).containsOnly(0);
        assertThat(asked).extracting(MemberlistConfig::nodeName).containsExactly("a-7946", "a-0");
        assertThat(again.config().transportFactory()).isSameAs(network);
    }

    @Test
    void takesANewDefaultNameOnAnotherMachine() {
        MemberlistBinder binder = new MemberlistBinder(it -> engine(it, ""));
        Plan plan = new Plan(config, true, port -> "app-newhost-" + port);

        Memberlist again = binder.rebind(
                plan, engine(config.toBuilder().nodeName("app-oldhost-7946").build(), ""));

        assertThat(again.config().nodeName()).isEqualTo("app-newhost-7946");
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

    private static Memberlist engine(MemberlistConfig config, String meta) {
        return TestMembers.engine(config, TestMembers.member(config.nodeName(), MemberState.ALIVE, meta));
    }

    private static Exception portInUse() {
        return new IOException("wrapped", new PortInUseException("taken", null));
    }

    /** An engine that fails for a certain port. */
    private MemberlistBinder binder(Exception cause) {
        return new MemberlistBinder(it -> {
            asked.add(it);
            if (it.network().bindPort() != 0) {
                throw new MemberlistException("cannot bind", cause);
            }
            return TestMembers.engine(it, TestMembers.member(it.nodeName(), MemberState.ALIVE, ""));
        });
    }
}
