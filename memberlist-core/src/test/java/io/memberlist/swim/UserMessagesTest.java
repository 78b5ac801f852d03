package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.extension.Extension;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserMessagesTest {
    private static final int DEPTH = 16384;

    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 1);
    private final Counters counters = new Counters();
    private final List<Object> happened = new ArrayList<>();
    private final List<byte[]> raw = new ArrayList<>();
    private final UserMessages messages = messages(new Numbers());

    @Test
    void packetsWaitForTheirTurnAndKeepTheirOrder() {
        for (int i = 0; i < DEPTH; i++) {
            messages.packet(message(i));
        }
        assertThat(happened).isEmpty();
        time.run(Duration.ofMillis(1));

        assertThat(happened)
                .containsExactlyElementsOf(IntStream.range(0, DEPTH).boxed().toList());
    }

    @Test
    void betweenTwoTurnsTheLoopDoesWhatElseIsDue() {
        for (int i = 0; i < DEPTH; i++) {
            messages.packet(message(i));
        }
        loop.schedule(0, () -> happened.add("another"));
        time.run(Duration.ofMillis(1));

        assertThat(happened).hasSize(DEPTH + 1);
        assertThat(happened.indexOf("another")).isBetween(1, DEPTH - 1);
    }

    @Test
    void moreThanMayWaitAreDroppedAndCounted() {
        for (int i = 0; i < DEPTH + 10; i++) {
            messages.packet(message(i));
        }
        time.run(Duration.ofMillis(1));

        assertThat(happened).hasSize(DEPTH).endsWith(DEPTH - 1);
        assertThat(counters.drops()).containsEntry("queue_full", 10L);
        messages.packet(message(99));
        time.run(Duration.ofMillis(1));
        assertThat(happened).endsWith(99);
    }

    @Test
    void moreBytesThanMayWaitAreDroppedAndCounted() {
        for (int i = 0; i < 20; i++) {
            messages.packet(new byte[1024 * 1024]);
        }
        time.run(Duration.ofMillis(1));

        assertThat(happened).hasSize(17);
        assertThat(counters.drops()).containsEntry("queue_full", 3L);
    }

    @Test
    void isBehindWhileManyWait() {
        assertThat(messages.behind()).isFalse();
        messages.packet(message(1));
        assertThat(messages.behind()).isFalse();
        for (int i = 0; i < DEPTH / 2; i++) {
            messages.packet(message(i));
        }
        assertThat(messages.behind()).isTrue();
        time.run(Duration.ofMillis(1));
        assertThat(messages.behind()).isFalse();
    }

    @Test
    void anExtensionThatThrowsLosesThatMessageAndNoOther() {
        UserMessages messages = messages(new Numbers() {
            @Override
            public void packetReceived(byte[] payload) {
                if (ByteBuffer.wrap(payload).getInt() == 1) {
                    throw new IllegalStateException("expected by this test");
                }
                super.packetReceived(payload);
            }
        });
        for (int i = 0; i < 3; i++) {
            messages.packet(message(i));
        }
        time.run(Duration.ofMillis(1));

        assertThat(happened).containsExactly(0, 2);
        assertThat(time.failures()).hasSize(1);
    }

    @Test
    void aStormOfTheApplicationsMessagesPushesOutNoOthers() {
        for (int i = 0; i < 2 * DEPTH; i++) {
            messages.packet(new byte[3]);
        }
        assertThat(messages.behind()).isFalse();
        messages.packet(message(7));
        time.run(Duration.ofMillis(1));

        assertThat(happened).containsExactly(7);
        assertThat(raw).hasSize(2 * DEPTH);
        assertThat(counters.drops()).isEmpty();
    }

    @Test
    void whatNoExtensionClaimsIsTheApplications() {
        UserMessages messages = messages();
        messages.packet(message(1));
        messages.stream(message(2));
        time.run(Duration.ofMillis(1));

        // In the Go library each stream has its own thread; here a message from a stream has no queue to wait in.
        assertThat(raw).containsExactlyInAnyOrder(message(1), message(2));
    }

    @Test
    void nothingIsHandledAfterTheEnd() {
        messages.packet(message(1));
        messages.stop();
        time.run(Duration.ofMillis(1));

        assertThat(happened).isEmpty();
    }

    private UserMessages messages(Extension... extensions) {
        Callbacks callbacks =
                new Callbacks(Runnable::run, "member", 2 * DEPTH, new MemberLog(loop, counters, "member"));
        return new UserMessages(
                new Extensions(List.of(extensions), loop),
                loop,
                new MemberLog(loop, counters, "member"),
                payload -> callbacks.message(raw::add, payload));
    }

    private static byte[] message(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** Claims all but messages of three bytes. */
    private class Numbers implements Extension {
        @Override
        public void start(ExtensionContext context) {}

        @Override
        public void stop() {}

        @Override
        public boolean claims(byte[] payload) {
            return payload.length != 3;
        }

        @Override
        public void packetReceived(byte[] payload) {
            happened.add(ByteBuffer.wrap(payload).getInt());
        }
    }
}
