package io.memberlist.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Records each value that a member measures, so that a registry can make percentiles and histograms of them. */
final class MeasurementMeters implements MeasurementListener {
    private final Timer probeRoundTrip;
    private final Timer probe;
    private final Timer gossip;
    private final Timer pushPull;
    private final Timer loopLag;
    private final DistributionSummary stateSent;
    private final DistributionSummary stateReceived;

    MeasurementMeters(MeterRegistry registry, Tags tags) {
        probeRoundTrip = timer(registry, tags, "memberlist.probe.rtt", "Time from a direct ping to its ack");
        probe = timer(registry, tags, "memberlist.probe.time", "Time that probes took");
        gossip = timer(registry, tags, "memberlist.gossip.time", "Time that rounds of gossip took on the event loop");
        pushPull = timer(registry, tags, "memberlist.pushpull.time", "Time that full state exchanges begun here took");
        loopLag = timer(registry, tags, "memberlist.loop.lag", "How late timers fire on the event loop");
        stateSent = size(registry, tags.and("direction", "sent"));
        stateReceived = size(registry, tags.and("direction", "received"));
    }

    private static Timer timer(MeterRegistry registry, Tags tags, String name, String description) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    private static DistributionSummary size(MeterRegistry registry, Tags tags) {
        return DistributionSummary.builder("memberlist.pushpull.size")
                .description("Bytes of full states, as they went over streams")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
    }

    @Override
    public void measured(Measurement what, long value) {
        switch (what) {
            case PROBE_ROUND_TRIP -> probeRoundTrip.record(value, TimeUnit.NANOSECONDS);
            case PROBE_TIME -> probe.record(value, TimeUnit.NANOSECONDS);
            case GOSSIP_TIME -> gossip.record(value, TimeUnit.NANOSECONDS);
            case PUSH_PULL_TIME -> pushPull.record(value, TimeUnit.NANOSECONDS);
            case LOOP_LAG -> loopLag.record(value, TimeUnit.NANOSECONDS);
            case STATE_SENT -> stateSent.record(value);
            case STATE_RECEIVED -> stateReceived.record(value);
        }
    }
}
