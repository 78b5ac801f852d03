package io.memberlist.simulator.scale;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.swim.LifeguardSwitches;
import java.time.Duration;

/** The configurations of the paper's Table IV and this engine's, and the paper's results with each at α = 5 and β = 6. */
enum Variant {
    SWIM(
            "SWIM",
            new LifeguardSwitches(false, false, false, false),
            new Paper(339_002, 1_326, 12.44, 12.90, 16.96, 435.33, 149.15)),
    PROBE(
            "+ LHA probe",
            new LifeguardSwitches(true, false, false, false),
            new Paper(229_574, 436, 12.42, 12.90, 17.75, 428.62, 134.28)),
    SUSPICION(
            "+ LHA suspicion",
            new LifeguardSwitches(false, true, false, false),
            new Paper(10_174, 89, 12.42, 12.89, 17.47, 484.55, 158.87)),
    BUDDY(
            "+ buddy system",
            new LifeguardSwitches(false, false, true, false),
            new Paper(318_935, 591, 12.45, 12.92, 17.12, 435.62, 147.67)),
    LIFEGUARD(
            "Lifeguard",
            new LifeguardSwitches(true, true, true, false),
            new Paper(5_193, 25, 12.45, 12.91, 17.90, 481.42, 146.13)),
    /** What a member of a real cluster has. The paper has no such row: its figures are those of Lifeguard. */
    STALLS("+ stall awareness", LifeguardSwitches.ALL, LIFEGUARD.paper);

    private static final int ALPHA = 5;
    private static final int BETA = 6;

    final String title;
    final LifeguardSwitches switches;
    final Paper paper;

    Variant(String title, LifeguardSwitches switches, Paper paper) {
        this.title = title;
        this.switches = switches;
        this.paper = paper;
    }

    /**
     * The results in the paper.
     *
     * @param falsePositives failures reported of members that were not anomalous
     * @param falsePositivesAtHealthy those of them that were reported by members that were not anomalous
     * @param medianFirstDetectionSeconds median seconds until the first healthy member reported a failure
     * @param medianFullDetectionSeconds median seconds until all healthy members had
     * @param firstDetection99Seconds 99th percentile of the first
     * @param millionMessages millions sent
     * @param gibibytes sent
     */
    record Paper(
            int falsePositives,
            int falsePositivesAtHealthy,
            double medianFirstDetectionSeconds,
            double medianFullDetectionSeconds,
            double firstDetection99Seconds,
            double millionMessages,
            double gibibytes) {}

    /** {@return the settings of its members} */
    MemberlistConfigBuilder settings() {
        return MemberlistConfig.lan()
                .suspicion(s -> s.multiplier(ALPHA).maxTimeoutMultiplier(switches.localHealthSuspicion() ? BETA : 1))
                // The members in the paper do not reconnect to failed members.
                .stateSync(s -> s.reconnectInterval(Duration.ZERO));
    }
}
