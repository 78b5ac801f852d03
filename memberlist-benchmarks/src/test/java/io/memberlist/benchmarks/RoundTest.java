package io.memberlist.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoundTest {
    @Test
    void percentilesAreValuesThatWereMeasured() {
        double[] values = {5, 1, 4, 2, 3};

        assertThat(Percentile.of(values, 0.01)).isEqualTo(1);
        assertThat(Percentile.of(values, 0.5)).isEqualTo(3);
        assertThat(Percentile.of(values, 0.8)).isEqualTo(4);
        assertThat(Percentile.of(values, 1)).isEqualTo(5);
        assertThat(values).containsExactly(5, 1, 4, 2, 3);
    }

    @Test
    void aRoundIsOverWhenAllOthersHaveItOnce() throws Exception {
        Round round = new Round(4);
        round.delivered(1);
        round.delivered(1);
        round.delivered(3);
        assertThat(round.await(0)).isFalse();
        assertThat(round.millisUntil(0.5)).isFinite();
        assertThat(round.millisUntil(1)).isInfinite();

        round.delivered(2);
        assertThat(round.await(0)).isTrue();
        assertThat(round.millisUntil(1)).isFinite();
    }

    @Test
    void librariesAreNamed() {
        assertThat(Broadcasts.libraries("all")).containsExactly(Library.values());
        assertThat(Broadcasts.libraries("jgroups, memberlist")).containsExactly(Library.JGROUPS, Library.MEMBERLIST);
        assertThatThrownBy(() -> Broadcasts.libraries("akka")).hasMessageContaining("AKKA");
    }
}
