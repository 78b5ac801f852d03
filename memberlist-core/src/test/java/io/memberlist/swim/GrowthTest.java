package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private final Growth growth = new Growth();
    private long now;
    private int live = 100;

    GrowthTest() {
        growth.reset();
    }

    private void come(int newcomers, Duration each) {
        for (int i = 0; i < newcomers; i++) {
            now += each.toNanos();
            growth.newcomer(++live, now);
        }
    }

    @Test
    void oneNewcomerIsNoGrowth() {
        come(1, Duration.ZERO);

        assertThat(growth.lasts(now)).isFalse();
    }

    @Test
    void manyWithinSecondsAreGrowthThatLastsForAWhile() {
        come(40, Duration.ofMillis(50));

        assertThat(growth.lasts(now)).isTrue();
        assertThat(growth.lasts(now + Duration.ofSeconds(11).toNanos())).isFalse();
    }

    @Test
    void manyWithinMinutesAreNoGrowth() {
        come(100, Duration.ofSeconds(2));

        assertThat(growth.lasts(now)).isFalse();
    }

    @Test
    void manyAreMoreInALargeCluster() {
        live = 1000;
        growth.reset();

        come(60, Duration.ofMillis(10));

        assertThat(growth.lasts(now)).isFalse();
    }

    @Test
    void whatHasComeUntilAResetDoesNotCount() {
        come(1000, Duration.ZERO);

        growth.reset();
        come(1, Duration.ofMillis(1));

        assertThat(growth.lasts(now)).isFalse();
    }

    @Test
    void beginsWhereItIsTold() {
        growth.begin(now);

        assertThat(growth.lasts(now + 1)).isTrue();
        assertThat(growth.lasts(now + Duration.ofSeconds(10).toNanos())).isFalse();
    }

    @Test
    void newcomersAfterManyHaveLeftAreGrowth() {
        come(1, Duration.ZERO);
        live -= 90;
        come(20, Duration.ofMillis(10));

        assertThat(growth.lasts(now)).isTrue();
    }

    @Test
    void pausesWhereNobodyComes() {
        assertThat(growth.pausesFor(1, now)).isTrue();

        come(1, Duration.ofSeconds(1));

        assertThat(growth.pausesFor(10, now + 9)).isFalse();
        assertThat(growth.pausesFor(10, now + 10)).isTrue();
    }
}
