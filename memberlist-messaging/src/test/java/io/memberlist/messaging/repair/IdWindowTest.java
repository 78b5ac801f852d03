package io.memberlist.messaging.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdWindowTest {
    @Test
    void aWindowKnowsWhatItSaw() {
        Random random = new Random(3);
        IdWindow window = new IdWindow(1);
        Set<Long> seen = new HashSet<>();
        List<Long> numbers = new ArrayList<>(
                LongStream.rangeClosed(1, 5000).filter(n -> n % 97 != 0).boxed().toList());
        for (int from = 0; from < numbers.size(); from += 200) {
            Collections.shuffle(numbers.subList(from, Math.min(from + 200, numbers.size())), random);
        }
        for (long number : numbers) {
            assertThat(window.add(number)).isEqualTo(seen.add(number));
            assertThat(window.add(number)).isFalse();
        }
        for (long number = 1; number <= 5000; number++) {
            assertThat(window.seen(number)).as("%d", number).isEqualTo(seen.contains(number));
        }
        assertThat(window.gapBelow(97)).isFalse();
        assertThat(window.gapBelow(98)).isTrue();
        assertThat(window.missing(0, 3)).containsExactly(97L, 194L, 291L);
        assertThat(window.missing(194, 1)).containsExactly(291L);
        assertThat(window.floor()).isEqualTo(64);
        assertThat(window.highest()).isEqualTo(5000);

        window.settle();
        window.add(5010);
        window.settle();

        assertThat(window.seen(97)).isTrue();
        assertThat(window.missing(0, 20))
                .containsExactlyElementsOf(LongStream.range(5001, 5010).boxed().toList());
    }

    @Test
    void aWindowMovesOnWhenItHasTo() {
        IdWindow window = new IdWindow(1);
        assertThat(window.add(1)).isTrue();
        assertThat(window.add(1L << 40)).isTrue();
        assertThat(window.add(2)).isFalse();
        assertThat(window.add((1L << 40) - 1)).isTrue();
        assertThat(window.add(Long.MAX_VALUE)).isTrue();
        assertThat(window.add(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aWindowMetLateLooksBackSoFar() {
        IdWindow window = new IdWindow(100_000);
        assertThat(window.add(100_000)).isTrue();
        assertThat(window.add(100_000 - IdWindow.FIRST_LOOK_BACK)).isTrue();
        assertThat(window.add(100_000 - IdWindow.FIRST_LOOK_BACK - 1)).isFalse();
    }

    @Test
    void aWindowThatFollowsAnotherDoesNotLookBackIntoIt() {
        IdWindow window = new IdWindow(100_000, 99_990);

        assertThat(window.seen(99_990)).isTrue();
        assertThat(window.seen(99_991)).isFalse();
    }

    @Test
    void whatIsGivenUpIsCountedFromTheFirstNumberOn() {
        IdWindow window = new IdWindow(1000);
        for (int number = 1000; number < 2000; number++) {
            if (number % 10 != 3) {
                window.add(number);
            }
        }
        window.settle();
        window.settle();

        assertThat(window.takeMissed()).isEqualTo(100);
        assertThat(window.takeMissed()).isZero();
    }
}
