package io.memberlist.messaging.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NumberSetTest {
    @Test
    void numbersBecomeRuns() {
        Random random = new Random(4);
        NumberSet numbers = new NumberSet();
        Set<Long> model = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            long number = random.nextInt(200) + 1;
            if (random.nextBoolean()) {
                numbers.add(number);
                model.add(number);
            } else {
                numbers.remove(number);
                model.remove(number);
            }
        }
        List<Long> all = numbers.earliest(1000).stream()
                .flatMap(run -> LongStream.rangeClosed(run.from(), run.to()).boxed())
                .toList();
        assertThat(all).containsExactlyElementsOf(model.stream().sorted().toList());
    }
}
