package io.memberlist.simulator.fuzz.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.simulator.fuzz.check.Observation.ClusterMessageCompleted;
import io.memberlist.simulator.fuzz.check.Observation.ClusterMessageDelivered;
import io.memberlist.simulator.fuzz.check.Observation.ClusterMessageSent;
import io.memberlist.simulator.fuzz.check.Observation.HealingOver;
import io.memberlist.simulator.fuzz.check.Observation.Quiescent;
import io.memberlist.simulator.fuzz.check.Observation.ResourcesHeld;
import io.memberlist.simulator.fuzz.check.Observation.RunEnded;
import io.memberlist.simulator.fuzz.check.Observation.TimersLeft;
import io.memberlist.swim.ResourceUsage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every checker of cluster messages reports a violation for a wrong trace, and none for a correct one. */
class MessagingCheckersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LATE = 200 * SECOND;
    private static final MemberlistConfig CONFIG =
            config(MessagingConfig.builder().build());

    @Test
    void whatSomebodyHasEverybodyIsOwed() {
        ClusterMessageSent one = posted(0, 0);
        ClusterMessageDelivered own = delivered("a#1", one, 0, 1, false);
        ClusterMessageDelivered others = delivered("b#1", one, 1, 1, false);
        assertThat(reached(one, own, others, settled(LATE, 0, 0))).isEmpty();
        assertThat(reached(one, own, settled(LATE, 0, 0))).hasSize(1);
        assertThat(reached(one, own, settled(SECOND, 0, 0)))
                .as("there is time yet")
                .isEmpty();
        assertThat(reached(one, own, settled(LATE, LATE - SECOND, 0)))
                .as("there was trouble a moment ago")
                .isEmpty();
        assertThat(reached(one, own, settled(LATE, 0, 1)))
                .as("the application did not keep up")
                .isEmpty();
        assertThat(reached(one, settled(LATE, 0, 0))).as("nobody has it").isEmpty();
        assertThat(reached(one, own, settled(301 * SECOND, 0, 0)))
                .as("it is too old")
                .isEmpty();
        DeliveryLedger slow = new DeliveryLedger(CONFIG, 3);
        assertThat(violations(new EventualDelivery(slow), one, own, settled(LATE, 0, 0)))
                .as("it is too old by a clock that is three times too fast")
                .isEmpty();
    }

    @Test
    void whatHasNoRoomInAnyStoreIsNotOwed() {
        MemberlistConfig small =
                config(MessagingConfig.builder().storeSize(1000).build());
        ClusterMessageSent one = posted(0, 0);
        ClusterMessageSent two = posted(1, 0);
        ClusterMessageDelivered first = delivered("a#1", one, 0, 1, false);
        ClusterMessageDelivered second = delivered("a#1", two, 1, 2, false);
        assertThat(violations(new EventualDelivery(new DeliveryLedger(small, 1)), one, first, settled(LATE, 0, 0)))
                .hasSize(1);
        assertThat(violations(
                        new EventualDelivery(new DeliveryLedger(small, 1)),
                        one,
                        two,
                        first,
                        second,
                        delivered("b#1", two, 1, 2, false),
                        settled(LATE, 0, 0)))
                .isEmpty();
    }

    @Test
    void spreadingTakesAsManyRoundsAsItTakes() {
        GossipRounds spreading = new GossipRounds(1e-9);
        assertThat(spreading.rounds(1)).isZero();
        assertThat(spreading.rounds(2)).isEqualTo(1);
        // One round, and then each of two misses the third with one half: 4^-15 < 1e-9 < 4^-14.
        assertThat(spreading.rounds(3)).isEqualTo(16);
        assertThat(spreading.rounds(8)).isBetween(20, 30);
    }

    @Test
    void broadcastsComeOnce() {
        ClusterMessageSent one = posted(0, 0);
        assertThat(violations(
                        new AtMostOnceDelivery(),
                        delivered("b#1", one, 1, 1, false),
                        delivered("b#1", posted(1, 0), 1, 2, false),
                        delivered("b#2", one, 1, 1, false)))
                .isEmpty();
        assertThat(violations(
                        new AtMostOnceDelivery(),
                        delivered("b#1", one, 1, 1, false),
                        delivered("b#1", one, SECOND, 1, true)))
                .hasSize(1);
    }

    @Test
    void broadcastsComeInOrderOrAreLate() {
        ClusterMessageSent[] posted = {posted(0, 0), posted(1, 0), posted(2, 0)};
        assertThat(ordered(
                        posted,
                        delivered("b#1", posted[0], 1, 1, false),
                        delivered("b#1", posted[1], 1, 2, false),
                        delivered("b#1", posted[2], 1, 3, false)))
                .isEmpty();
        assertThat(ordered(
                        posted,
                        delivered("b#1", posted[0], 1, 1, false),
                        delivered("b#1", posted[2], 2 * SECOND, 3, false),
                        delivered("b#1", posted[1], 3 * SECOND, 2, true)))
                .as("it was waited for")
                .isEmpty();
        assertThat(ordered(
                        posted,
                        delivered("a#1", posted[1], 0, 2, false),
                        delivered("b#1", posted[0], 1, 1, false),
                        delivered("b#1", posted[2], SECOND / 2, 3, false)))
                .as("it was not waited for, nor before that what came before the first")
                .hasSize(1);
        assertThat(ordered(
                        posted,
                        delivered("b#1", posted[2], 2 * SECOND, 3, false),
                        delivered("b#1", posted[1], 3 * SECOND, 2, false)))
                .as("it does not say that it is late")
                .hasSize(1);
        assertThat(ordered(posted, delivered("b#1", posted[0], 1, 1, true)))
                .as("it says that it is late and is not")
                .hasSize(1);
    }

    private static List<String> ordered(ClusterMessageSent[] posted, Observation... then) {
        List<Observation> all = new ArrayList<>(List.of(posted));
        all.addAll(List.of(then));
        return violations(new BroadcastOrder(CONFIG, 1), all.toArray(new Observation[0]));
    }

    @Test
    void messagesStayAsTheyAre() {
        ClusterMessageSent one = posted(0, 0);
        ClusterMessageSent two = posted(1, 0);
        assertThat(unaltered(one, two, delivered("a#1", one, 0, 1, false), delivered("a#1", two, 0, 2, false)))
                .isEmpty();
        assertThat(unaltered(delivered("b#1", one, 0, 1, false)))
                .as("nobody sent it")
                .hasSize(1);
        ClusterMessageSent elsewhere =
                new ClusterMessageSent("a#1", 0, MessageKind.BROADCAST, "u", Map.of(), one.payload(), "");
        assertThat(unaltered(one, delivered("b#1", elsewhere, 0, 1, false)))
                .as("another topic")
                .hasSize(1);
        assertThat(unaltered(one, delivered("b#1", one, 0, 1, false), delivered("c#1", one, 0, 2, false)))
                .as("another order elsewhere")
                .hasSize(1);
        assertThat(unaltered(one, two, delivered("b#1", one, 0, 1, false), delivered("b#1", two, 0, 1, false)))
                .as("the same number")
                .hasSize(1);
        assertThat(unaltered(one, delivered("a#1", one, 0, 2, false)))
                .as("a hole")
                .hasSize(1);
        ClusterMessageSent toB =
                new ClusterMessageSent("a#1", 0, MessageKind.DIRECT, "t", Map.of(), one.payload(), "b");
        assertThat(unaltered(toB, delivered("b#1", toB, 0, 1, false))).isEmpty();
        assertThat(unaltered(toB, delivered("c#1", toB, 0, 1, false)))
                .as("not meant for it")
                .hasSize(1);
    }

    @Test
    void anAnswerIsTheRightOne() {
        byte[] question = {0, 0, 0, 0, 0, 0, 0, 7, 1};
        byte[] right = {0, 0, 0, 0, 0, 0, 0, 7, 0x54};
        ClusterMessageSent asked = new ClusterMessageSent("a#1", 0, MessageKind.REQUEST, "t", Map.of(), question, "b");
        assertThat(unaltered(asked, new ClusterMessageCompleted("a#1", 7, null, answer("b", right))))
                .isEmpty();
        assertThat(unaltered(asked, new ClusterMessageCompleted("a#1", 7, null, answer("c", right))))
                .hasSize(1);
        assertThat(unaltered(asked, new ClusterMessageCompleted("a#1", 7, null, answer("b", question))))
                .hasSize(1);
    }

    private static ClusterMessage answer(String origin, byte[] payload) {
        return new ClusterMessage(
                new MessageId(origin, 1, 1),
                MessageKind.ANSWER,
                "t",
                Map.of(),
                payload,
                0,
                Instant.EPOCH,
                Arrival.STREAM,
                false);
    }

    private static List<String> unaltered(Observation... trace) {
        return violations(new ClusterMessageIntegrity(true), trace);
    }

    @Test
    void futuresComplete() {
        ClusterMessageSent one = posted(3, 0);
        ClusterMessageCompleted done = new ClusterMessageCompleted("a#1", 3, new MessagingException("no"), null);
        assertThat(violations(new FuturesComplete(), one, done, new RunEnded("a#1", Map.of())))
                .isEmpty();
        assertThat(violations(new FuturesComplete(), one, new RunEnded("a#1", Map.of())))
                .hasSize(1);
        assertThat(violations(new FuturesComplete(), one, new TimersLeft("a#1", 0)))
                .hasSize(1);
        assertThat(violations(
                        new FuturesComplete(),
                        one,
                        new ClusterMessageCompleted("a#1", 3, new IllegalStateException("what"), null)))
                .hasSize(1);
    }

    @Test
    void whatMessagingHoldsIsBounded() {
        assertThat(bounded(holds(10, 100, 5, 10))).isEmpty();
        assertThat(bounded(holds(10, 100, 5000, 10))).as("held back").hasSize(1);
        assertThat(bounded(holds(10, 1 << 30, 5, 10))).as("kept").hasSize(1);
        assertThat(bounded(holds(50_000, 100, 5, 10))).as("to be sent").hasSize(1);
        assertThat(bounded(holds(10, 100, 5, 5000))).as("origins").hasSize(1);
        assertThat(bounded(holds(10, 100, 5, 10), new HealingOver("a#1", Map.of(), Map.of(), 0)))
                .as("held back for good")
                .hasSize(1);
        assertThat(bounded(holds(10, 100, 0, 10), new HealingOver("a#1", Map.of(), Map.of(), 0)))
                .isEmpty();
    }

    @Test
    void whatIsSentWhileAllIsWellArrivesOrIsCountedAsLost() {
        ClusterMessageSent one = posted(0, 10 * SECOND);
        ClusterMessageCompleted sent = new ClusterMessageCompleted("a#1", 0, null, null);
        ClusterMessageCompleted refused =
                new ClusterMessageCompleted("a#1", 0, new IllegalStateException("full"), null);
        ClusterMessageDelivered own = delivered("a#1", one, 10 * SECOND, 1, false);
        ClusterMessageDelivered others = delivered("b#1", one, 11 * SECOND, 1, false);
        assertThat(arrived(one, sent, own, others, settled(LATE, 0, 0))).isEmpty();
        assertThat(arrived(one, sent, own, settled(LATE, 0, 0))).hasSize(1);
        assertThat(arrived(one, refused, own, settled(LATE, 0, 0)))
                .as("it was not sent")
                .isEmpty();
        assertThat(arrived(one, sent, own, settled(30 * SECOND, 0, 0)))
                .as("there is time yet")
                .isEmpty();
        assertThat(arrived(one, sent, own, settled(LATE, 20 * SECOND, 0)))
                .as("a fault struck after it was sent")
                .isEmpty();
        assertThat(arrived(one, sent, own, settled(LATE, 0, 1)))
                .as("it is counted as dropped")
                .isEmpty();
        assertThat(arrived(one, sent, own, new Quiescent(LATE, 0, Map.of("b#1", 0L), Map.of("b#1", 1L))))
                .as("it is counted as missed")
                .isEmpty();
    }

    private static List<String> arrived(Observation... trace) {
        return violations(new BurstsArrive(), trace);
    }

    private static List<String> bounded(Observation... trace) {
        return violations(new BoundedResources(10, CONFIG), trace);
    }

    private static ResourcesHeld holds(int outgoing, long storedBytes, int held, int origins) {
        return new ResourcesHeld(
                "a#1",
                Instant.EPOCH,
                new ResourceUsage(1, 0, 0, 0, 0),
                0,
                0,
                Duration.ZERO,
                new MessagingStatistics(
                        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, outgoing, 1, storedBytes, held, origins, Map.of()));
    }

    private static List<String> reached(Observation... trace) {
        return violations(new EventualDelivery(new DeliveryLedger(CONFIG, 1)), trace);
    }

    private static Quiescent settled(long nanos, long since, long droppedByB) {
        return new Quiescent(nanos, since, Map.of("a#1", 0L, "b#1", droppedByB), Map.of());
    }

    private static ClusterMessageSent posted(long serial, long nanos) {
        byte[] payload = ByteBuffer.allocate(20).putLong(serial).array();
        return new ClusterMessageSent("a#1", nanos, MessageKind.BROADCAST, "t", Map.of(), payload, "");
    }

    private static ClusterMessageDelivered delivered(
            String observer, ClusterMessageSent posted, long nanos, long number, boolean late) {
        boolean broadcast = posted.kind() == MessageKind.BROADCAST;
        ClusterMessage message = new ClusterMessage(
                new MessageId("a", 5, number),
                posted.kind(),
                posted.topic(),
                posted.headers(),
                posted.payload(),
                broadcast ? number : 0,
                Instant.EPOCH,
                Arrival.PACKET,
                late);
        return new ClusterMessageDelivered(observer, nanos, message, 0);
    }

    private static List<String> violations(Checker checker, Observation... trace) {
        List<String> violations = new ArrayList<>();
        for (Observation observation : trace) {
            checker.observe(observation, violations::add);
        }
        return violations;
    }

    private static MemberlistConfig config(MessagingConfig messaging) {
        return MemberlistConfig.lan()
                .nodeName("a")
                .extension(ClusterMessaging.create(messaging).extension())
                .build();
    }
}
