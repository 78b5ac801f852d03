package io.memberlist.simulator.fuzz.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class SharedProcessorTest {
    private final VirtualTime time = new VirtualTime();
    private final SharedProcessor processor = new SharedProcessor(time);
    private final List<String> ran = new ArrayList<>();

    private void give(Executor share, String... tasks) {
        for (String task : tasks) {
            share.execute(() -> ran.add(task + " at " + time.nanos()));
        }
    }

    @Test
    void aTaskThatTakesNoTimeRunsAtOnce() {
        give(processor.share(), "a", "b");
        assertThat(ran).containsExactly("a at 0", "b at 0");
        assertThat(processor.isScarce()).isFalse();
    }

    @Test
    void processesHaveTheirTurnsOneAfterTheOther() {
        processor.tasksTake(10, 1);
        give(processor.share(), "a1", "a2", "a3");
        give(processor.share(), "b1");
        assertThat(processor.waiting()).isEqualTo(3);

        time.run(Duration.ofNanos(100));
        assertThat(ran).containsExactly("a1 at 0", "b1 at 10", "a2 at 20", "a3 at 30");
        assertThat(processor.waiting()).isZero();
    }

    @Test
    void aSecondCoreDoesNotRunTwoTasksOfOneProcessAtATime() {
        processor.tasksTake(10, 2);
        give(processor.share(), "a1", "a2");
        give(processor.share(), "b1");

        time.run(Duration.ofNanos(100));
        assertThat(ran).containsExactly("a1 at 0", "b1 at 0", "a2 at 10");
    }

    @Test
    void whatWaitsKeepsItsOrderWhenTasksTakeNoTimeAnyMore() {
        processor.tasksTake(10, 1);
        Executor share = processor.share();
        give(share, "a1", "a2");
        processor.tasksTake(0, 1);
        give(share, "a3");

        time.run(Duration.ofNanos(100));
        give(share, "a4");
        assertThat(ran).containsExactly("a1 at 0", "a2 at 10", "a3 at 10", "a4 at 100");
    }
}
