package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifeguardCommandTest {
    private static final Cell INTERVAL = new Cell(4, 16_384, 64, 0);
    private static final Cell THRESHOLD = new Cell(2, 32_768, 0, 0);

    @ParameterizedTest
    @EnumSource(Anomaly.class)
    void aCellIsAFunctionOfItsSeed(Anomaly anomaly) {
        Output.silenceTheEngine();
        AnomalyRun.Result once = AnomalyRun.run(Variant.SWIM, INTERVAL, 16, anomaly, 3);

        assertThat(AnomalyRun.run(Variant.SWIM, INTERVAL, 16, anomaly, 3)).isEqualTo(once);
        assertThat(AnomalyRun.run(Variant.SWIM, INTERVAL, 16, anomaly, 4)).isNotEqualTo(once);
    }

    @Test
    void lifeguardTakesFewerHealthyMembersForFailed() {
        Output.silenceTheEngine();
        AnomalyRun.Result swim = AnomalyRun.run(Variant.SWIM, INTERVAL, 24, Anomaly.io, 3);
        AnomalyRun.Result lifeguard = AnomalyRun.run(Variant.LIFEGUARD, INTERVAL, 24, Anomaly.io, 3);

        assertThat(swim.falsePositives()).isPositive();
        assertThat(lifeguard.falsePositives()).isLessThan(swim.falsePositives());
    }

    @Test
    void whoHardlyRunsJudgesNobody() {
        Output.silenceTheEngine();
        Cell hardlyRuns = new Cell(4, 8_192, 1, 0);
        AnomalyRun.Result lifeguard = AnomalyRun.run(Variant.LIFEGUARD, hardlyRuns, 48, Anomaly.io, 3);
        AnomalyRun.Result stalls = AnomalyRun.run(Variant.STALLS, hardlyRuns, 48, Anomaly.io, 3);

        assertThat(lifeguard.falsePositives()).isPositive();
        assertThat(stalls.falsePositives()).isZero();
    }

    @Test
    void whoIsBlockedForLongIsDetectedOnceTheSuspicionIsOver() {
        Output.silenceTheEngine();
        AnomalyRun.Result result = AnomalyRun.run(Variant.LIFEGUARD, THRESHOLD, 16, Anomaly.io, 3);

        // Five times log10(16) probe intervals is the shortest suspicion; a probe takes one more.
        assertThat(result.firstDetections())
                .hasSize(2)
                .allSatisfy(seconds -> assertThat(seconds).isBetween(6.0, 32.0));
        assertThat(result.fullDetections()).hasSize(2);
    }

    @Test
    void theCellsAreThePapersOrSomeOfThem() {
        assertThat(Cell.interval(false, 10)).hasSize(9 * 5 * 8 * 10);
        assertThat(Cell.interval(false, 1)).containsAll(Cell.interval(true, 1));
        assertThat(Cell.threshold(true, 1)).isNotEmpty().noneMatch(Cell::isInterval);
    }

    @Test
    void everyRunIsReportedBesideThePapersFigure() {
        LifeguardReport report = new LifeguardReport(java.util.EnumSet.allOf(Variant.class));
        report.add(Variant.SWIM, INTERVAL, result(200, 50));
        report.add(Variant.LIFEGUARD, INTERVAL, result(2, 1));

        assertThat(report.text())
                .contains("SWIM", "+ LHA probe", "+ LHA suspicion", "+ buddy system", "Lifeguard")
                .contains("1.00 %", "1.53 %", "2.00 %", "1.89 %");
        assertThat(Output.json(report.asMap())).contains("\"falsePositivesAtHealthy\" : 50");
    }

    @Test
    void whatIsNoExperimentIsRefused() {
        assertRefused("'1/2' is no cell", "--cells", "1/2");
        assertRefused("'0/1/1' is no cell", "--cells", "0/1/1");
        assertRefused("has 16 anomalous members of 8", "--nodes", "8", "--cells", "16/512/1");
        assertRefused("--nodes 300 is outside of 3 to 254", "--nodes", "300");
        assertRefused("--repeats 0 is below 1", "--repeats", "0");
    }

    private static void assertRefused(String why, String... args) {
        CommandLineRunner result = CommandLineRunner.run(new LifeguardCommand(), args);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(why);
    }

    @Test
    void eachRunIsToldOfWhileOthersGoOn() {
        CommandLineRunner result = CommandLineRunner.run(
                new LifeguardCommand(), "--nodes", "8", "--cells", "2/512/16384", "--only", "SWIM");

        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("1 of 1: 2/512/16384 SWIM: FP 0, FP- 0");
        assertThat(result.out()).contains("8 members, 1 cells");
    }

    private static AnomalyRun.Result result(int falsePositives, int atHealthy) {
        return new AnomalyRun.Result(falsePositives, atHealthy, 10, 100, java.util.List.of(), java.util.List.of());
    }
}
