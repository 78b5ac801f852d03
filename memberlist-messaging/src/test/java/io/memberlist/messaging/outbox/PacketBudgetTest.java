package io.memberlist.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacketBudgetTest {
    @Test
    void aBudgetAllowsItsRateAndALittleAtOnce() {
        long second = 1_000_000_000L;
        PacketBudget budget = new PacketBudget(1000, 0);
        assertThat(budget.available(0)).isEqualTo(100);
        budget.spend(0, 100);
        assertThat(budget.available(0)).isZero();
        assertThat(budget.nanosUntil(0, 1)).isEqualTo(second / 1000);
        int sent = 0;
        for (long now = 0; now < second; now += second / 1000) {
            int some = budget.available(now);
            budget.spend(now, some);
            sent += some;
        }
        assertThat(sent).isBetween(998, 1000);
        assertThat(budget.available(100 * second)).isEqualTo(100);
    }
}
