package io.memberlist.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes counters and gauges that share one snapshot of their source for each scrape.
 *
 * <p>A registry asks one meter after the other and does not say when a scrape begins, so time has to tell: a snapshot
 * serves every meter that is asked within 100 ms of it. A scrape takes a few milliseconds, and the next one comes seconds
 * later. The source is therefore read once for each scrape and not once for each meter, and the values of a scrape fit each
 * other.
 *
 * <p>Meters refer to their source weakly, so that a registry does not keep alive what is gone. For that reason the snapshot
 * is kept here and the source is not.
 *
 * @param <S> what the meters read; must be held by somebody else
 * @param <T> an immutable snapshot of it
 */
public final class SnapshotMeters<S, T> {
    private static final long LIFETIME_NANOS = Duration.ofMillis(100).toNanos();

    private final MeterRegistry registry;
    private final Tags tags;
    private final Function<S, T> take;
    private @Nullable T latest;
    private long takenAtNanos;

    /**
     * @param registry where the meters will be registered; its clock tells the age of a snapshot
     * @param tags added to every meter
     * @param take takes a snapshot, on the thread of the scrape
     */
    public SnapshotMeters(MeterRegistry registry, Tags tags, Function<S, T> take) {
        this.registry = registry;
        this.tags = tags;
        this.take = take;
    }

    /** {@return what is added to every meter} */
    Tags tags() {
        return tags;
    }

    /** {@return a counter of what the snapshot says, to be described and registered} */
    public FunctionCounter.Builder<S> counter(String name, S source, ToDoubleFunction<T> value) {
        return FunctionCounter.builder(name, source, it -> value.applyAsDouble(snapshot(it)))
                .tags(tags);
    }

    /** {@return a gauge of what the snapshot says, to be described and registered} */
    public Gauge.Builder<S> gauge(String name, S source, ToDoubleFunction<T> value) {
        return Gauge.builder(name, source, it -> value.applyAsDouble(snapshot(it)))
                .tags(tags);
    }

    private synchronized T snapshot(S source) {
        long now = registry.config().clock().monotonicTime();
        T current = latest;
        if (current == null || now - takenAtNanos >= LIFETIME_NANOS) {
            current = take.apply(source);
            latest = current;
            takenAtNanos = now;
        }
        return current;
    }
}
