package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A Java process that was stopped for so long that others gave it up accuses nobody when it goes on, and is believed soon. */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoStallIT {
    private static final Duration STOPPED = Duration.ofSeconds(10);
    /** A second on a machine that does nothing else. */
    private static final long SOON_MILLIS = 5000;

    @Test
    void aStoppedProcessAccusesNobodyAndIsBelievedWhenItGoesOn() throws Exception {
        GoToolchain.program(GoProgram.MEMBERLIST);
        try (StallingCluster cluster = StallingCluster.of(5, 1, "local")) {
            StallingCluster.Outcome outcome = cluster.stall(1, STOPPED, new StallingCluster.Signal());

            assertThat(outcome.falselyTold().get("java-5")).isEmpty();
            assertThat(outcome.toldOfStalled().get("java-1")).containsKey("Failed java-5");
            assertThat(outcome.believedMillis()).isLessThan(SOON_MILLIS);
        }
    }
}
