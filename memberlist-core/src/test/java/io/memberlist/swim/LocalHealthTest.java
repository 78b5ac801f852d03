package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalHealthTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 1000", "1, 1, 2000", "7, 7, 8000", "8, 7, 8000", "100, 7, 8000", "-1, 0, 1000", "-100, 0, 1000"})
    void staysBetweenZeroAndOneBelowTheMultiplier(int delta, int score, long timeout) {
        LocalHealth health = new LocalHealth(8, changed -> {});
        health.apply(delta);

        assertThat(health.score()).isEqualTo(score);
        assertThat(health.scale(1000)).isEqualTo(timeout);
    }

    @Test
    void movesUpAndDown() {
        LocalHealth health = new LocalHealth(8, changed -> {});
        health.apply(1);
        health.apply(3);
        health.apply(-1);
        assertThat(health.score()).isEqualTo(3);

        health.apply(20);
        health.apply(-1);
        assertThat(health.score()).as("no debt above the bound is remembered").isEqualTo(6);
    }

    @Test
    void tellsEachChangeAndNothingElse() {
        List<Integer> told = new ArrayList<>();
        LocalHealth health = new LocalHealth(3, told::add);
        health.apply(0);
        health.apply(-1);
        health.apply(1);
        health.apply(1);
        health.apply(1);
        health.apply(-1);

        assertThat(told).containsExactly(1, 2, 1);
    }

    @Test
    void aMultiplierOfOneSwitchesItOff() {
        LocalHealth health = new LocalHealth(1, changed -> {});
        health.apply(5);

        assertThat(health.score()).isZero();
        assertThat(health.scale(1000)).isEqualTo(1000);
    }
}
