package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.messaging.message.OutgoingQueueFullException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OutgoingLimitTest {
    private final OutgoingLimit limit = new OutgoingLimit(2, setting -> "a.b." + setting);

    @Test
    void refusesBeyondItsDepthAndSaysWhatWaits() {
        assertThat(limit.acquire(10)).isNull();
        assertThat(limit.acquire(20)).isNull();

        assertThat(limit.acquire(30))
                .hasMessage("2 messages wait to be sent (of 30 bytes); the limit is 2: wait for their futures, or raise"
                        + " a.b.messaging.queueDepth");
        limit.release(10);
        assertThat(limit.acquire(30)).isNull();
    }

    @Test
    void refusesBeyondItsBytesWhateverTheDepth() {
        int large = 128 * 1024 * 1024;
        assertThat(limit.acquire(large)).isNull();

        assertThat(limit.acquire(1))
                .hasMessage("1 messages of " + large
                        + " bytes wait to be sent, which is as many bytes as may wait: wait for their futures");
    }

    @Test
    void aRefusalTellsOfAFullQueueThoughMessagesLeaveMeanwhile() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread others = new Thread(() -> {
            while (!done.get()) {
                OutgoingQueueFullException refusal = limit.acquire(1);
                if (refusal == null) {
                    limit.release(1);
                }
            }
        });
        assertThat(limit.acquire(1)).isNull();
        others.start();
        try {
            for (int i = 0; i < 2_000_000; i++) {
                OutgoingQueueFullException refusal = limit.acquire(1);
                if (refusal == null) {
                    limit.release(1);
                } else {
                    assertThat(refusal.getMessage()).startsWith("2 messages wait");
                }
            }
        } finally {
            done.set(true);
            others.join();
        }
    }
}
