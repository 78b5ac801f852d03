package io.memberlist.interop;

import static io.memberlist.interop.GoNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A Java and a Go node run side by side for some time without warnings or false detections. */
@Execution(ExecutionMode.CONCURRENT)
class JavaGoEnduranceIT {
    private static final Duration SPAN = Duration.ofMinutes(2);
    private static final Duration PUSH_PULL_INTERVAL = Duration.ofSeconds(2);

    /** Each node begins one push/pull per interval, and both nodes see both; a busy machine may miss some. */
    private static final int EXCHANGES = 80;

    @Test
    void twoMinutesOfPushPullsGiveNoReasonToComplain() {
        try (GoNode go = GoNode.named("go")
                        .state("state of go")
                        .pushPullInterval(PUSH_PULL_INTERVAL)
                        .start();
                JavaNode java =
                        JavaNode.start("java", config -> config.stateSync(s -> s.interval(PUSH_PULL_INTERVAL)))) {
            java.join(go);
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(java.live()).hasSize(2);
                assertThat(go.live()).isEqualTo(java.live());
            });
            Set<MemberView> atFirst = java.live();

            await().pollInterval(Duration.ofSeconds(1))
                    .during(SPAN)
                    .atMost(SPAN.plusSeconds(10))
                    .failFast(
                            "the Go node complained", () -> go.stderr().stream().anyMatch(GoLog::isComplaint))
                    .untilAsserted(() -> {
                        assertThat(java.live()).isEqualTo(atFirst);
                        assertThat(go.live()).isEqualTo(atFirst);
                    });

            assertThat(go.stderr()).filteredOn(GoLog::isComplaint).isEmpty();
            assertThat(go.events()).filteredOn(event("left")).isEmpty();
            assertThat(java.events()).extracting(JavaNode.Event::kind).containsOnly("joined");
            assertThat(go.events()).filteredOn(event("remoteState")).hasSizeGreaterThan(EXCHANGES);
            assertThat(java.remoteStates()).hasSizeGreaterThan(EXCHANGES).containsOnly("state of go");
        }
    }
}
