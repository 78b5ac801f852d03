package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {
    private final VirtualTime time = new VirtualTime();
    private final ReceiveBuffer inbox = new ReceiveBuffer(new VirtualEventLoop(time, 1));
    private final List<Integer> read = new ArrayList<>();

    private void arrive(int bytes, int content) {
        inbox.arrived(bytes, () -> read.add(content));
    }

    @Test
    void whoIsIdleReadsAtOnceAndWhoIsBusyOneAfterTheOther() {
        arrive(100, 1);
        assertThat(read).containsExactly(1);

        arrive(100, 2);
        arrive(100, 3);
        assertThat(read).containsExactly(1);
        time.run(Duration.ofNanos(30_000));
        assertThat(read).containsExactly(1, 2);
        time.run(Duration.ofNanos(30_000));
        assertThat(read).containsExactly(1, 2, 3);
    }

    @Test
    void whoWakesForAMomentReadsAFewAndKeepsTheRest() {
        inbox.block();
        for (int i = 0; i < 100; i++) {
            arrive(100, i);
        }
        time.run(Duration.ofSeconds(10));
        assertThat(read).isEmpty();

        inbox.unblock();
        time.run(Duration.ofMillis(1));
        inbox.block();
        time.run(Duration.ofSeconds(10));
        assertThat(read).hasSizeBetween(30, 50).startsWith(0, 1, 2);
        assertThat(inbox.waiting()).isEqualTo(100 - read.size());
    }

    @Test
    void aFullBufferLosesWhatComesLast() {
        inbox.block();
        for (int i = 0; i < 1000; i++) {
            arrive(60, i);
        }
        assertThat(inbox.waiting()).isEqualTo(512);
        assertThat(inbox.lost()).isEqualTo(1000 - 512);

        inbox.unblock();
        time.run(Duration.ofSeconds(1));
        assertThat(read).hasSize(512).startsWith(0, 1, 2).endsWith(511);
        arrive(1400, 2000);
        assertThat(read).endsWith(2000);
    }

    @Test
    void largePacketsFillItSooner() {
        inbox.block();
        for (int i = 0; i < 1000; i++) {
            arrive(1400, i);
        }
        assertThat(inbox.waiting()).isEqualTo(184);
    }
}
