package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.memberlist.MemberState;
import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.MemberlistException;
import io.memberlist.spring.TestMembers;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class MemberlistBinderTest {
    private final List<MemberlistConfig> asked = new ArrayList<>();
    private final MemberlistConfig config =
            MemberlistConfig.lan().nodeName("a-7946").build();

    @ParameterizedTest
    @ValueSource(strings = {"Address already in use", "bind(..) failed with error(-98): Address already in use"})
    void picksAFreePortWhenTheDefaultOneIsTaken(String message) {
        Memberlist bound = binder(new IOException(message)).bind(config, true, port -> "a-" + port);

        assertThat(bound.localMember().name()).isEqualTo("a-0");
        assertThat(asked).extracting(MemberlistConfig::bindPort).containsExactly(7946, 0);
    }

    @Test
    void keepsANameThatWasChosen() {
        Memberlist bound = binder(new BindException()).bind(config, true, null);

        assertThat(bound.localMember().name()).isEqualTo("a-7946");
        assertThat(asked).hasSize(2);
    }

    @Test
    void refusesWhenTheApplicationInsistsOnThePort() {
        assertThatExceptionOfType(MemberlistPortInUseException.class)
                .isThrownBy(() ->
                        binder(new BindException("Address already in use")).bind(config, false, port -> "other"))
                .withMessageContaining("7946")
                .withMessageContaining("memberlist.bind-port");
        assertThat(asked).hasSize(1);
    }

    @Test
    void doesNotMistakeAForeignAddressForAPortInUse() {
        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> binder(new BindException("Cannot assign requested address"))
                        .bind(config, true, null))
                .isNotInstanceOf(MemberlistPortInUseException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void theFailureAnalysisNamesThePropertyAndTheRemedy() {
        MemberlistPortInUseException failure =
                new MemberlistPortInUseException("10.0.0.1", 4711, new BindException("in use"));

        FailureAnalysis analysis =
                new MemberlistPortInUseFailureAnalyzer().analyze(new IllegalStateException("a bean", failure));

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).contains("4711", "10.0.0.1", "memberlist.bind-port");
        assertThat(analysis.getAction()).contains("memberlist.bind-port", "0 for a free");
    }

    /** An engine that fails as long as it is asked for a certain port. */
    private MemberlistBinder binder(Exception cause) {
        return new MemberlistBinder(it -> {
            asked.add(it);
            if (it.bindPort() != 0) {
                throw new MemberlistException("cannot bind", cause);
            }
            return TestMembers.engine(it, TestMembers.member(it.nodeName(), MemberState.ALIVE, ""));
        });
    }
}
