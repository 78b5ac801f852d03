package io.memberlist.sample.companions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultInjectorTest {
    @Test
    void aReasonNamesFewMembers() {
        assertThat(FaultInjector.firstOf(List.of("a"))).isEqualTo("a");
        assertThat(FaultInjector.firstOf(List.of("a", "b", "c"))).isEqualTo("a, b, c");
        assertThat(FaultInjector.firstOf(List.of("a", "b", "c", "d"))).isEqualTo("a, b and 2 more");
    }
}
