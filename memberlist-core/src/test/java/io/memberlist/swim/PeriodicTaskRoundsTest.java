package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodicTaskRoundsTest {
    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 3);
    private final List<Long> begun = new ArrayList<>();
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final PeriodicTask rounds = new PeriodicTask(
            loop,
            () -> 1_000,
            over -> {
                begun.add(time.nanos());
                underWay.add(over);
            },
            late -> {});

    private void run(long nanos) {
        time.run(Duration.ofNanos(nanos));
    }

    @Test
    void theNextRoundWaitsUntilTheLastIsOver() {
        rounds.start();
        run(5_500);

        assertThat(begun).hasSize(1);
    }

    @Test
    void ofTheRoundsThatWereMissedOneFollowsAtOnce() {
        rounds.start();
        run(5_500);
        underWay.remove().run();
        run(1);
        assertThat(begun).hasSize(2);

        underWay.remove().run();
        run(1);
        assertThat(begun).hasSize(2);
        run(1_000);
        assertThat(begun).hasSize(3);
    }

    @Test
    void aRoundThatIsOverInTimeIsFollowedAtTheNextInterval() {
        rounds.start();
        run(1_000);
        underWay.remove().run();
        run(1);
        assertThat(begun).hasSize(1);
        run(1_000);

        assertThat(begun).hasSize(2);
        assertThat(begun.get(1) - begun.get(0)).isEqualTo(1_000);
    }

    @Test
    void aRoundThatFailsIsNotTheLast() {
        List<Long> failed = new ArrayList<>();
        new PeriodicTask(
                        loop,
                        () -> 1_000,
                        over -> {
                            failed.add(time.nanos());
                            throw new IllegalStateException("cannot send");
                        },
                        late -> {})
                .start();
        run(3_500);

        assertThat(failed).hasSizeBetween(3, 4);
        assertThat(time.failures()).hasSameSizeAs(failed);
    }

    @Test
    void noneBeginsOnceStopped() {
        rounds.start();
        run(5_500);
        rounds.stop();
        underWay.remove().run();
        run(5_000);

        assertThat(begun).hasSize(1);
    }

    @Test
    void aRoundThatEndsInAnErrorIsNotTheLast() {
        List<Long> failed = new ArrayList<>();
        new PeriodicTask(
                        loop,
                        () -> 1_000,
                        over -> {
                            failed.add(time.nanos());
                            throw new NoClassDefFoundError("of an application");
                        },
                        late -> {})
                .start();
        run(3_500);

        assertThat(failed).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aRoundThatEndsTwiceEndsNoOther() {
        rounds.start();
        run(1_000);
        Runnable first = underWay.remove();
        first.run();
        run(1_000);
        assertThat(begun).hasSize(2);
        first.run();
        run(5_000);

        assertThat(begun).hasSize(2);
    }

    @Test
    void aRoundThatNeverEndsIsGivenUp() {
        List<Long> never = new ArrayList<>();
        new PeriodicTask(loop, () -> 1_000_000_000, over -> never.add(time.nanos()), late -> {}).start();
        time.run(Duration.ofSeconds(100));
        assertThat(never).hasSize(1);
        time.run(Duration.ofSeconds(200));

        assertThat(never).hasSize(3);
    }
}
