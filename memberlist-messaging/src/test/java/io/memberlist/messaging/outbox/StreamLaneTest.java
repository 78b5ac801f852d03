package io.memberlist.messaging.outbox;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.Bundle;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.transport.Completion;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamLaneTest {
    private static final Member JAVA = FakeContext.member(0);
    private static final Member OTHER = FakeContext.member(1);
    private static final Member GO = FakeContext.member(2);
    private static final byte[] LARGE = new byte[100_000];

    private final VirtualTime time = new VirtualTime();
    private final FakeContext context = new FakeContext(new VirtualEventLoop(time, 1));
    private final StreamLane lane =
            new StreamLane(context, 4, 8, member -> !member.equals(GO), new MessagingCounters());
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void whatWaitsForTheSameMemberSharesAStream() {
        send(JAVA, "1", "2", "3", "4", "5");

        assertThat(texts()).containsExactly("1", "2");
        assertThat(lane.waiting()).isEqualTo(3);

        end(0, null);

        assertThat(texts()).containsExactly("2", "3+4+5");
        assertThat(done).containsExactly("1");
        end(1, null);
        assertThat(done).containsExactly("1", "3", "4", "5");
        assertThat(lane.waiting()).isZero();
    }

    @Test
    void whatIsSentInOneTurnSharesAStream() {
        lane.send(JAVA, envelope("1"), (nothing, failure) -> {});
        lane.send(JAVA, envelope("2"), (nothing, failure) -> {});
        settle();

        assertThat(texts()).containsExactly("1+2");
    }

    @Test
    void whoIsNotKnownToTakeBundlesGetsOneAtATime() {
        send(GO, "1", "2", "3", "4");
        end(0, null);

        assertThat(texts()).containsExactly("2", "3");
    }

    @Test
    void aStreamThatFailsFailsAllOnIt() {
        send(JAVA, "1", "2", "3", "4");
        end(0, null);
        end(1, new IllegalStateException("reset"));

        assertThat(done).containsExactly("1", "3: reset", "4: reset");
        assertThat(texts()).containsExactly("2");
    }

    @Test
    void membersTakeTurnsForStreams() {
        send(JAVA, "1", "2", "3");
        send(OTHER, "a", "b", "c");
        send(GO, "x", "y");
        assertThat(texts()).containsExactly("1", "2", "a", "b");

        end(0, null);
        end(0, null);

        assertThat(texts()).containsExactly("a", "b", "3", "x");
    }

    @Test
    void largeOnesLeaveStreamsToSmallOnesAndAreNotBundled() {
        for (Member to : List.of(JAVA, OTHER, JAVA)) {
            lane.send(to, LARGE, (nothing, failure) -> done.add("large"));
            settle();
        }
        send(OTHER, "1");
        send(GO, "x");

        assertThat(texts()).containsExactly("large", "large", "1", "x");
        assertThat(context.streams.subList(0, 2))
                .extracting(FakeContext.Stream::to)
                .containsExactly(JAVA, OTHER);

        end(1, null);
        assertThat(texts()).as("one large one at a time to the same member").containsExactly("large", "1", "x");

        end(0, null);
        assertThat(texts()).containsExactly("1", "x", "large");
    }

    @Test
    void membersThatStandStillKeepNoMorePlacesThanTheirOwn() {
        send(JAVA, "1", "2", "3");
        send(GO, "x", "y", "z");
        send(OTHER, "a");
        assertThat(texts()).containsExactly("1", "2", "x", "y");

        time.run(Duration.ofSeconds(1));

        assertThat(texts()).containsExactly("1", "2", "x", "y", "a");
        send(OTHER, "b", "c");
        assertThat(texts()).containsExactly("1", "2", "x", "y", "a", "b");
        end(0, new IllegalStateException("timeout"));
        assertThat(texts()).containsExactly("2", "x", "y", "a", "b", "3");
        end(4, null);
        end(3, null);
        end(0, null);
        end(0, null);
        assertThat(texts()).containsExactly("y", "3", "c", "z");
        assertThat(done).containsExactly("1: timeout", "b", "a", "2", "x");
    }

    @Test
    void whatSomebodyElseCouldTakeDoesNotWaitForWhoStandsStill() {
        lane.send(List.of(JAVA, OTHER), 1, () -> envelope("!"), (nothing, failure) -> done.add("! " + failure));
        time.run(Duration.ofSeconds(2));
        assertThat(texts()).containsExactly("!", "!");
        assertThat(context.streams.get(1).to()).isEqualTo(OTHER);

        end(1, null);
        assertThat(done).containsExactly("! null");
        end(0, new IllegalStateException("timeout"));
        assertThat(done).hasSize(1);
        assertThat(context.streams).isEmpty();
    }

    @Test
    void aBundleHasABound() {
        String third = "3".repeat(Bundle.MAX_BYTES / 3);
        send(JAVA, "1", "2", third, third, third);

        end(0, null);

        assertThat(texts()).containsExactly("2", third + "+" + third);
        assertThat(context.streams.get(1).payload()).hasSizeLessThan(Bundle.MAX_BYTES + 10);
        assertThat(lane.waiting()).isEqualTo(1);
    }

    @Test
    void anotherIsTriedWhereOneFailsAndItsTurnComesFirst() {
        lane.send(List.of(JAVA, OTHER), 1, () -> envelope("!"), (nothing, failure) -> done.add("tried"));
        settle();
        send(OTHER, "a", "b", "c");
        end(0, new IllegalStateException("refused"));

        assertThat(texts()).containsExactly("a", "b");

        end(0, null);

        assertThat(context.streams.get(1).to()).isEqualTo(OTHER);
        assertThat(texts()).containsExactly("b", "!+c");
    }

    @Test
    void whatSeveralCouldTakeSharesAStreamAndIsTriedElsewhereInItsOrder() {
        for (String text : List.of("1", "2", "3", "4")) {
            lane.send(
                    text.equals("4") ? List.of(JAVA) : List.of(JAVA, OTHER),
                    1,
                    () -> envelope(text),
                    (sent, failure) -> done.add(failure == null ? text : text + ": " + failure.getMessage()));
        }
        lane.send(JAVA, envelope("5"), (nothing, failure) -> done.add("5: " + failure));
        settle();
        assertThat(texts()).containsExactly("1+2+3+4+5");

        time.run(Duration.ofSeconds(2));
        end(0, new IllegalStateException("reset"));

        assertThat(done).containsExactly("4: reset", "5: java.lang.IllegalStateException: reset");
        assertThat(texts()).containsExactly("1+2+3");
        assertThat(context.streams.get(0).to()).isEqualTo(OTHER);
        end(0, null);
        assertThat(done).endsWith("1", "2", "3");
    }

    @Test
    void whatIsWithdrawnIsNotSentAndCountsNoMore() {
        List<Completion<Void>> completions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            completions.add((sent, failure) -> done.add("" + number));
            lane.send(JAVA, envelope("" + i), completions.get(i));
            settle();
        }
        completions.subList(2, 7).forEach(lane::withdraw);

        assertThat(lane.waiting()).isEqualTo(1);
        end(0, null);
        assertThat(texts()).containsExactly("1", "7");
    }

    private void send(Member to, String... texts) {
        for (String text : texts) {
            lane.send(
                    to,
                    envelope(text),
                    (sent, failure) -> done.add(failure == null ? text : text + ": " + failure.getMessage()));
            settle();
        }
    }

    private static byte[] envelope(String text) {
        return EnvelopeFormat.message(EnvelopeFormat.DIRECT, new Origin("me", 1), 0, "t", Map.of(), bytes(text));
    }

    private void end(int stream, @Nullable Throwable failure) {
        context.streams.remove(stream).completion().done(null, failure);
        settle();
    }

    private void settle() {
        time.run(Duration.ofMillis(1));
    }

    private List<String> texts() {
        return context.streams.stream().map(stream -> text(stream.payload())).toList();
    }

    private static String text(byte[] payload) {
        try {
            if (payload == LARGE) {
                return "large";
            }
            if (EnvelopeFormat.kind(payload) == EnvelopeFormat.BUNDLE) {
                return String.join(
                        "+",
                        Bundle.read(payload).stream().map(StreamLaneTest::text).toList());
            }
            Envelope envelope = EnvelopeFormat.read(payload);
            return new String(payload, envelope.payloadAt(), envelope.payloadLength(), StandardCharsets.UTF_8);
        } catch (EnvelopeException e) {
            throw new AssertionError(e);
        }
    }
}
