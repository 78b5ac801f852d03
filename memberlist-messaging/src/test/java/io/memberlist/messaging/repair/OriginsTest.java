package io.memberlist.messaging.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.messaging.envelope.Origin;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginsTest {
    @Test
    void whatIsMissingNextIsFoundAcrossWindows() {
        Origins origins = new Origins(() -> 10, 1_000_000_000L, name -> true);
        Origin origin = new Origin("o", 1);
        Random random = new Random(5);
        Set<Long> seen = new HashSet<>();
        long far = 3L * IdWindow.SPAN;
        for (long base : new long[] {1, far, Long.MAX_VALUE - 500}) {
            for (int i = 0; i < 2000; i++) {
                long number = base + random.nextInt(500);
                origins.met(origin, 0).window(number).add(number);
                seen.add(number);
            }
        }
        for (long from : new long[] {1, 2, 100, 499, far, far + 250, far + 498}) {
            long expected = from;
            while (seen.contains(expected)) {
                expected++;
            }
            assertThat(origins.nextMissing(origin, from)).as("%d", from).isEqualTo(expected);
        }
        assertThat(origins.nextMissing(new Origin("unknown", 1), 7)).isEqualTo(7);
        assertThat(origins.nextMissing(origin, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aWindowThatLaggedBehindAndCaughtUpKnowsWhatCameAheadOfIt() {
        Origins origins = new Origins(() -> 16, 1000, name -> true);
        Origin origin = new Origin("o", 1);
        Origins.Known known = origins.met(origin, 0);
        known.window(1).add(1);
        long ahead = IdWindow.SPAN + 100;
        known.window(ahead).add(ahead);
        for (long number = 2; number < 2000; number++) {
            known.window(number).add(number);
        }

        assertThat(origins.seen(origin, ahead)).isTrue();
        assertThat(origins.seen(origin, ahead + 1)).isFalse();
        assertThat(origins.seen(origin, 2000)).isFalse();
    }

    @Test
    void aCopyThatComesWhenTheWindowHasLongMovedOnIsKnown() {
        Origins origins = new Origins(() -> 16, 1000, name -> true);
        Origin origin = new Origin("o", 1);
        Origins.Known known = origins.met(origin, 0);
        for (long number = 1; number < 3 * IdWindow.SPAN; number++) {
            known.window(number).add(number);
        }

        assertThat(origins.seen(origin, 1)).isTrue();
        assertThat(origins.seen(origin, IdWindow.SPAN)).isTrue();
        assertThat(origins.seen(origin, 3 * IdWindow.SPAN)).isFalse();
    }
}
