package io.memberlist.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int MEMBERS = FakeContext.MEMBERS;

    private final VirtualTime time = new VirtualTime();
    private final FakeContext context = new FakeContext(new VirtualEventLoop(time, 1));
    private final Outbox outbox = new Outbox(context, 10_000);
    private final List<Integer> completed = new ArrayList<>();

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void whoKeepsUpSendsAtOnce() {
        toAll(3);
        time.run(Duration.ofMillis(1));

        assertThat(completed).containsExactly(0, 1, 2);
        assertThat(context.packets).isEqualTo(MEMBERS);
    }

    @Test
    void whoIsBehindWaitsUntilItHasCaughtUpAndLetsWhatWaitsSharePackets() {
        context.behind = true;
        toAll(1);
        time.run(Duration.ofMillis(50));
        toAll(4);
        time.run(Duration.ofMillis(30));
        assertThat(context.packets).isZero();

        context.behind = false;
        time.run(Duration.ofMillis(6));

        assertThat(completed).hasSize(5);
        assertThat(context.packets).isEqualTo(MEMBERS);
    }

    @Test
    void whoNeverCatchesUpStillSendsNowAndThen() {
        context.behind = true;
        for (int i = 0; i < 200; i++) {
            toAll(1);
        }
        time.run(Duration.ofSeconds(5));

        assertThat(completed).hasSize(200);
        assertThat(context.packets).isEqualTo(200 / FakeContext.SHARE * MEMBERS);
        assertThat(context.longestTurn).isBetween(1, 84);
    }

    @Test
    void nothingLeavesAfterTheEnd() {
        context.behind = true;
        toAll(1);
        outbox.stop();
        time.run(Duration.ofSeconds(1));

        assertThat(context.packets).isZero();
    }

    private void toAll(int count) {
        for (int i = 0; i < count; i++) {
            int number = completed.size() + i;
            outbox.toAll(new byte[FakeContext.LENGTH], (nothing, failure) -> completed.add(number));
        }
    }
}
