package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JoinRetryTest {
    private final JoinRetry retry = new JoinRetry(Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void doublesUpToTheLongestDelay() {
        assertThat(retry.delay(1, () -> 0)).hasSeconds(1);
        assertThat(retry.delay(2, () -> 0)).hasSeconds(2);
        assertThat(retry.delay(5, () -> 0)).hasSeconds(16);
        assertThat(retry.delay(6, () -> 0)).hasSeconds(30);
        assertThat(retry.delay(100_000, () -> 0)).hasSeconds(30);
    }

    @Test
    void isShortenedByAtMostAHalf() {
        assertThat(retry.delay(2, () -> 0.5)).hasMillis(1500);
        assertThat(retry.delay(6, () -> 1)).hasSeconds(15);
    }

    @Test
    void refusesDelaysThatCannotWork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JoinRetry(Duration.ZERO, Duration.ofSeconds(1)))
                .withMessageContaining("memberlist.join-retry.initial-delay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JoinRetry(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessageContaining("memberlist.join-retry.max-delay");
    }
}
