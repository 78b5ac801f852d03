package io.memberlist.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoInTheMiddle() {
        assertThat(Scale.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4.0);
        assertThat(Scale.median(List.of(9.0, 1.0, 4.0, 2.0))).isEqualTo(3.0);
    }
}
