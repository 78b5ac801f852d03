package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of a probe's states. */
class ProberStateTest {
    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of(
                        Prober.State.PINGING,
                        List.of(Prober.State.AWAITING_ACK, Prober.State.OVERDUE, Prober.State.OVER)),
                Arguments.of(Prober.State.AWAITING_ACK, List.of(Prober.State.INDIRECT, Prober.State.OVER)),
                Arguments.of(Prober.State.INDIRECT, List.of(Prober.State.OVERDUE, Prober.State.OVER)),
                Arguments.of(Prober.State.OVERDUE, List.of(Prober.State.OVER)),
                Arguments.of(Prober.State.OVER, List.of()));
    }

    @ParameterizedTest
    @MethodSource("states")
    void leadsToNoOtherStateThanThese(Prober.State state, List<Prober.State> next) {
        assertThat(Arrays.stream(Prober.State.values()).filter(state::mayBecome))
                .containsExactlyElementsOf(next);
    }
}
