package io.memberlist.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class QueueLimitTest {
    private static final int HALF = (int) (QueueLimit.MAX_BYTES / 2);

    private final QueueLimit limit = new QueueLimit(3);

    @Test
    void theNumberIsBoundedUntilThereIsRoomAgain() {
        assertThat(limit.tryAcquire(0)).isTrue();
        assertThat(limit.tryAcquire(0)).isTrue();
        assertThat(limit.tryAcquire(0)).isTrue();
        assertThat(limit.tryAcquire(0)).isFalse();
        assertThat(limit.count()).isEqualTo(3);

        limit.release(0);

        assertThat(limit.tryAcquire(0)).isTrue();
    }

    @Test
    void theEntryThatReachesTheBoundOfBytesIsLetInAndNoOtherAfterIt() {
        assertThat(limit.tryAcquire(HALF)).isTrue();
        assertThat(limit.tryAcquire(HALF + 1)).isTrue();
        assertThat(limit.tryAcquire(0)).isFalse();
        assertThat(limit.bytes()).isEqualTo(QueueLimit.MAX_BYTES + 1);
    }

    @Test
    void limitsThatShareBytesHaveNumbersOfTheirOwn() {
        QueueLimit other = limit.sharingBytes(1);

        assertThat(other.tryAcquire(HALF + 1)).isTrue();
        assertThat(other.tryAcquire(0)).isFalse();
        assertThat(limit.tryAcquire(HALF)).isTrue();
        assertThat(limit.tryAcquire(0)).isFalse();
        assertThat(limit.count()).isEqualTo(1);
        assertThat(other.count()).isEqualTo(1);
    }

    @Test
    void aCallGivesItsRoomBackWhenItBegins() {
        Queue<Runnable> submitted = new ArrayDeque<>();
        SerialExecutor executor = new SerialExecutor(submitted::add, "a callback");
        List<Integer> waitingAtCall = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            executor.offer(limit, 10, () -> waitingAtCall.add(limit.count()));
        }
        assertThat(limit.bytes()).isEqualTo(30);
        submitted.remove().run();

        assertThat(waitingAtCall).containsExactly(2, 1, 0);
        assertThat(limit.bytes()).isZero();
    }
}
