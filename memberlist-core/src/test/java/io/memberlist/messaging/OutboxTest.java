package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Member;
import io.memberlist.MemberState;
import io.memberlist.MemberVersions;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int MEMBERS = 20;

    private final VirtualTime time = new VirtualTime();
    private final Port port = new Port(new VirtualEventLoop(time, 1));
    private final Outbox outbox = new Outbox(port, 10_000, port::others);
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
        assertThat(port.packets).isEqualTo(MEMBERS);
    }

    @Test
    void whoIsBehindWaitsUntilItHasCaughtUpAndLetsWhatWaitsSharePackets() {
        port.behind = true;
        toAll(1);
        time.run(Duration.ofMillis(50));
        toAll(4);
        time.run(Duration.ofMillis(30));
        assertThat(port.packets).isZero();

        port.behind = false;
        time.run(Duration.ofMillis(6));

        assertThat(completed).hasSize(5);
        assertThat(port.packets).isEqualTo(MEMBERS);
    }

    @Test
    void whoNeverCatchesUpStillSendsNowAndThen() {
        port.behind = true;
        for (int i = 0; i < 200; i++) {
            toAll(1);
        }
        time.run(Duration.ofSeconds(5));

        assertThat(completed).hasSize(200);
        assertThat(port.packets).isEqualTo(200 / Port.SHARE * MEMBERS);
        assertThat(port.longestTurn).isBetween(1, 84);
    }

    @Test
    void nothingLeavesAfterTheEnd() {
        port.behind = true;
        toAll(1);
        outbox.stop();
        time.run(Duration.ofSeconds(1));

        assertThat(port.packets).isZero();
    }

    private void toAll(int count) {
        for (int i = 0; i < count; i++) {
            int number = completed.size() + i;
            outbox.toAll(new byte[Port.LENGTH], failure -> completed.add(number));
        }
    }

    /** A protocol that takes packets and counts them. */
    private static final class Port implements MessagingPort {
        static final int LENGTH = 100;
        static final int SHARE = 10;
        private final EventLoop loop;
        private final List<Member> others =
                IntStream.range(0, MEMBERS).mapToObj(Port::member).toList();
        boolean behind;
        int packets;
        int longestTurn;
        private int turn;
        private long turnNanos;

        Port(EventLoop loop) {
            this.loop = loop;
        }

        private static Member member(int number) {
            return new Member(
                    "node-" + number,
                    new InetSocketAddress("10.0.0.1", 7946),
                    new byte[0],
                    MemberState.ALIVE,
                    1,
                    new MemberVersions(1, 5, 2, 0, 0, 0),
                    Instant.EPOCH);
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public List<Member> others() {
            return others;
        }

        @Override
        public @Nullable Member member(String name) {
            return null;
        }

        @Override
        public @Nullable Member memberAt(InetSocketAddress address) {
            return null;
        }

        @Override
        public boolean behind() {
            return behind;
        }

        @Override
        public int maxPayload() {
            return SHARE * LENGTH;
        }

        @Override
        public int packetRoom() {
            return SHARE * LENGTH;
        }

        @Override
        public int payloadOverhead() {
            return 0;
        }

        @Override
        public void sendPackets(List<Member> to, List<byte[]> payloads, Completion completion) {
            packets += to.size();
            turn = turnNanos == loop.nanoTime() ? turn + to.size() : to.size();
            turnNanos = loop.nanoTime();
            longestTurn = Math.max(longestTurn, turn);
            completion.done(null);
        }

        @Override
        public void sendStream(Member to, byte[] payload, Completion completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean gossip(Supplier<byte[]> payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void warn(Object kind, String what, @Nullable Object detail) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
            return action.get();
        }
    }
}
