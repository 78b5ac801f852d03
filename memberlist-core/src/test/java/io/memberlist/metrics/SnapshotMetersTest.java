package io.memberlist.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotMetersTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final AtomicInteger taken = new AtomicInteger();
    private final SnapshotMeters<AtomicInteger, Integer> meters =
            new SnapshotMeters<>(registry, Tags.of("member", "a"), AtomicInteger::incrementAndGet);

    @Test
    void theMetersOfAScrapeShareASnapshotAndTheNextScrapeTakesAnother() {
        Gauge first = meters.gauge("first", taken, value -> value).register(registry);
        Gauge second = meters.gauge("second", taken, value -> 10 * value).register(registry);
        assertThat(taken).as("nothing is read before somebody asks").hasValue(0);

        assertThat(first.value()).isEqualTo(1);
        assertThat(second.value()).isEqualTo(10);
        clock.add(Duration.ofMillis(99));
        assertThat(second.value()).isEqualTo(10);
        clock.add(Duration.ofMillis(1));
        assertThat(first.value()).isEqualTo(2);
        assertThat(second.value()).isEqualTo(20);
        assertThat(taken).hasValue(2);
    }

    @Test
    void countersAndGaugesCarryTheTags() {
        meters.counter("counter", taken, value -> value).register(registry);
        meters.gauge("gauge", taken, value -> value).register(registry);

        assertThat(registry.get("counter").tag("member", "a").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("gauge").tag("member", "a").gauge().value()).isEqualTo(1);
    }
}
