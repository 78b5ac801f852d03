package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected numbers were computed by the functions of the Go library, v0.6.0. */
class FormulasTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Members; transmissions × 4; LAN suspicion (4 × 1 s) and WAN suspicion (6 × 5 s) in ms; push/pull of 30 s in s. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 4000, 30000, 30",
        "1, 4, 4000, 30000, 30",
        "2, 4, 4000, 30000, 30",
        "8, 4, 4000, 30000, 30",
        "9, 4, 4000, 30000, 30",
        "10, 8, 4000, 30000, 30",
        "31, 8, 5964, 44730, 30",
        "32, 8, 6020, 45150, 30",
        "33, 8, 6072, 45540, 60",
        "63, 8, 7196, 53970, 60",
        "64, 8, 7224, 54180, 60",
        "65, 8, 7248, 54360, 90",
        "98, 8, 7964, 59730, 90",
        "99, 8, 7980, 59850, 90",
        "100, 12, 8000, 60000, 90",
        "128, 12, 8428, 63210, 90",
        "129, 12, 8440, 63300, 120",
        "256, 12, 9632, 72240, 120",
        "257, 12, 9636, 72270, 150",
        "512, 12, 10836, 81270, 150",
        "513, 12, 10840, 81300, 180",
        "998, 12, 11996, 89970, 180",
        "999, 12, 11996, 89970, 180",
        "1000, 16, 12000, 90000, 180",
        "1001, 16, 12000, 90000, 180",
        "1024, 16, 12040, 90300, 180",
        "1025, 16, 12040, 90300, 210",
        "4096, 16, 14448, 108360, 240",
        "4097, 16, 14448, 108360, 270",
        "9998, 16, 15996, 119970, 300",
        "9999, 16, 15996, 119970, 300",
        "10000, 20, 16000, 120000, 300",
        "100000, 24, 20000, 150000, 390",
        "1048576, 28, 24080, 180600, 480"
    })
    void growWithTheClusterAsInGo(
            int members, int transmissions, long lanMillis, long wanMillis, long pushPullSeconds) {
        assertThat(Formulas.retransmitLimit(4, members)).isEqualTo(transmissions);
        assertThat(Formulas.suspicionTimeoutNanos(4, members, SECOND)).isEqualTo(lanMillis * MILLI);
        assertThat(Formulas.suspicionTimeoutNanos(6, members, 5 * SECOND)).isEqualTo(wanMillis * MILLI);
        assertThat(Formulas.pushPullIntervalNanos(30 * SECOND, members)).isEqualTo(pushPullSeconds * SECOND);
    }

    /** A checksum of all results for 0 to 1 000 000 members, equal to that of the Go library's functions. */
    @Test
    void agreeWithGoForEverySizeOfCluster() {
        long transmissions = 0;
        long suspicions = 0;
        long pushPulls = 0;
        for (int n = 0; n <= 1_000_000; n++) {
            transmissions = transmissions * 31 + Formulas.retransmitLimit(4, n);
            suspicions = suspicions * 31 + Formulas.suspicionTimeoutNanos(4, n, SECOND);
            pushPulls = pushPulls * 31 + Formulas.pushPullIntervalNanos(SECOND, n);
        }
        assertThat(transmissions).isEqualTo(1310921469350580632L);
        assertThat(suspicions).isEqualTo(2049064322186929152L);
        assertThat(pushPulls).isEqualTo(-3650122172046849536L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, 4000, 24000, 24000",
        "1, 2, 4000, 24000, 11381",
        "2, 2, 4000, 24000, 4000",
        "1, 3, 2000, 30000, 16000",
        "2, 3, 2000, 30000, 7810",
        "3, 3, 2000, 30000, 2000",
        "1, 4, 30000, 180000, 115398",
        "2, 4, 30000, 180000, 77609",
        "3, 4, 30000, 180000, 50797",
        "4, 4, 30000, 180000, 30000",
        "1, 1, 3000, 18000, 3000",
        "2, 6, 12345, 67890, 36530",
        "5, 6, 12345, 67890, 16745",
        "1, 2, 8000, 48000, 22762",
        "1, 2, 5204, 31224, 14807"
    })
    void confirmationsShortenASuspicionAsInGo(
            int confirmations, int hopedFor, long minMillis, long maxMillis, long expectedMillis) {
        assertThat(Formulas.suspicionAfter(confirmations, hopedFor, minMillis * MILLI, maxMillis * MILLI))
                .isEqualTo(expectedMillis * MILLI);
    }

    @Test
    void aSuspicionIsNeverShorterThanItsMinimum() {
        assertThat(Formulas.suspicionAfter(9, 2, 4 * SECOND, 24 * SECOND)).isEqualTo(4 * SECOND);
        // Rounding down to a millisecond does not go below it either.
        assertThat(Formulas.suspicionAfter(2, 2, 1_500_001, 9_000_000)).isEqualTo(1_500_001);
    }

    @Test
    void withoutConfirmationsToHopeForTheMinimumCounts() {
        assertThat(Formulas.suspicionAfter(0, 0, 4 * SECOND, 24 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(Formulas.suspicionAfter(0, -1, 4 * SECOND, 24 * SECOND)).isEqualTo(4 * SECOND);
    }
}
