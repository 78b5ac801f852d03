package io.memberlist.simulator.fuzz.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.messaging.Arrival;
import io.memberlist.messaging.ClusterMessage;
import io.memberlist.messaging.MessageId;
import io.memberlist.messaging.MessageKind;
import io.memberlist.messaging.MessagingException;
import io.memberlist.messaging.MessagingStatistics;
import io.memberlist.simulator.fuzz.check.Observation.Completed;
import io.memberlist.simulator.fuzz.check.Observation.Delivered;
import io.memberlist.simulator.fuzz.check.Observation.Ended;
import io.memberlist.simulator.fuzz.check.Observation.Healed;
import io.memberlist.simulator.fuzz.check.Observation.Holds;
import io.memberlist.simulator.fuzz.check.Observation.LeftBehind;
import io.memberlist.simulator.fuzz.check.Observation.Posted;
import io.memberlist.simulator.fuzz.check.Observation.Settled;
import io.memberlist.swim.ResourceUsage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every checker of cluster messages bites where it should, and lets the honest trace pass. */
class MessagingCheckersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LATE = 200 * SECOND;
    private static final MemberlistConfig CONFIG =
            MemberlistConfig.lan().nodeName("a").build();

    @Test
    void whatSomebodyHasEverybodyIsOwed() {
        Posted one = posted(0, 0);
        Delivered own = delivered("a#1", one, 0, 1, false);
        Delivered others = delivered("b#1", one, 1, 1, false);
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
        assertThat(complaints(new EventualDelivery(slow), one, own, settled(LATE, 0, 0)))
                .as("it is too old by a clock that is three times too fast")
                .isEmpty();
    }

    @Test
    void whatHasNoRoomInAnyStoreIsNotOwed() {
        MemberlistConfig small = CONFIG.toBuilder().messagingStoreSize(1000).build();
        Posted one = posted(0, 0);
        Posted two = posted(1, 0);
        Delivered first = delivered("a#1", one, 0, 1, false);
        Delivered second = delivered("a#1", two, 1, 2, false);
        assertThat(complaints(new EventualDelivery(new DeliveryLedger(small, 1)), one, first, settled(LATE, 0, 0)))
                .hasSize(1);
        assertThat(complaints(
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
        Posted one = posted(0, 0);
        assertThat(complaints(
                        new AtMostOnceDelivery(),
                        delivered("b#1", one, 1, 1, false),
                        delivered("b#1", posted(1, 0), 1, 2, false),
                        delivered("b#2", one, 1, 1, false)))
                .isEmpty();
        assertThat(complaints(
                        new AtMostOnceDelivery(),
                        delivered("b#1", one, 1, 1, false),
                        delivered("b#1", one, SECOND, 1, true)))
                .hasSize(1);
    }

    @Test
    void broadcastsComeInOrderOrAreLate() {
        Posted[] posted = {posted(0, 0), posted(1, 0), posted(2, 0)};
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

    private static List<String> ordered(Posted[] posted, Observation... then) {
        List<Observation> all = new ArrayList<>(List.of(posted));
        all.addAll(List.of(then));
        return complaints(new BroadcastOrder(CONFIG, 1), all.toArray(new Observation[0]));
    }

    @Test
    void messagesStayAsTheyAre() {
        Posted one = posted(0, 0);
        Posted two = posted(1, 0);
        assertThat(unaltered(one, two, delivered("a#1", one, 0, 1, false), delivered("a#1", two, 0, 2, false)))
                .isEmpty();
        assertThat(unaltered(delivered("b#1", one, 0, 1, false)))
                .as("nobody sent it")
                .hasSize(1);
        Posted elsewhere = new Posted("a#1", 0, MessageKind.BROADCAST, "u", Map.of(), one.payload(), "");
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
        Posted toB = new Posted("a#1", 0, MessageKind.DIRECT, "t", Map.of(), one.payload(), "b");
        assertThat(unaltered(toB, delivered("b#1", toB, 0, 1, false))).isEmpty();
        assertThat(unaltered(toB, delivered("c#1", toB, 0, 1, false)))
                .as("not meant for it")
                .hasSize(1);
    }

    @Test
    void anAnswerIsTheRightOne() {
        byte[] question = {0, 0, 0, 0, 0, 0, 0, 7, 1};
        byte[] right = {0, 0, 0, 0, 0, 0, 0, 7, 0x54};
        Posted asked = new Posted("a#1", 0, MessageKind.REQUEST, "t", Map.of(), question, "b");
        assertThat(unaltered(asked, new Completed("a#1", 7, null, answer("b", right))))
                .isEmpty();
        assertThat(unaltered(asked, new Completed("a#1", 7, null, answer("c", right))))
                .hasSize(1);
        assertThat(unaltered(asked, new Completed("a#1", 7, null, answer("b", question))))
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
        return complaints(new ClusterMessageIntegrity(true), trace);
    }

    @Test
    void futuresComplete() {
        Posted one = posted(3, 0);
        Completed done = new Completed("a#1", 3, new MessagingException("no"), null);
        assertThat(complaints(new FuturesComplete(), one, done, new Ended("a#1", Map.of())))
                .isEmpty();
        assertThat(complaints(new FuturesComplete(), one, new Ended("a#1", Map.of())))
                .hasSize(1);
        assertThat(complaints(new FuturesComplete(), one, new LeftBehind("a#1", 0)))
                .hasSize(1);
        assertThat(complaints(
                        new FuturesComplete(), one, new Completed("a#1", 3, new IllegalStateException("what"), null)))
                .hasSize(1);
    }

    @Test
    void whatMessagingHoldsIsBounded() {
        assertThat(bounded(holds(10, 100, 5, 10))).isEmpty();
        assertThat(bounded(holds(10, 100, 5000, 10))).as("held back").hasSize(1);
        assertThat(bounded(holds(10, 1 << 30, 5, 10))).as("kept").hasSize(1);
        assertThat(bounded(holds(5000, 100, 5, 10))).as("to be sent").hasSize(1);
        assertThat(bounded(holds(10, 100, 5, 5000))).as("origins").hasSize(1);
        assertThat(bounded(holds(10, 100, 5, 10), new Healed("a#1", Map.of(), Map.of(), 0)))
                .as("held back for good")
                .hasSize(1);
        assertThat(bounded(holds(10, 100, 0, 10), new Healed("a#1", Map.of(), Map.of(), 0)))
                .isEmpty();
    }

    private static List<String> bounded(Observation... trace) {
        return complaints(new BoundedResources(10, CONFIG), trace);
    }

    private static Holds holds(int outgoing, long storedBytes, int held, int origins) {
        return new Holds(
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
        return complaints(new EventualDelivery(new DeliveryLedger(CONFIG, 1)), trace);
    }

    private static Settled settled(long nanos, long since, long droppedByB) {
        return new Settled(nanos, since, Map.of("a#1", 0L, "b#1", droppedByB));
    }

    private static Posted posted(long serial, long nanos) {
        byte[] payload = ByteBuffer.allocate(20).putLong(serial).array();
        return new Posted("a#1", nanos, MessageKind.BROADCAST, "t", Map.of(), payload, "");
    }

    private static Delivered delivered(String observer, Posted posted, long nanos, long number, boolean late) {
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
        return new Delivered(observer, nanos, message, 0);
    }

    private static List<String> complaints(Checker checker, Observation... trace) {
        List<String> complaints = new ArrayList<>();
        for (Observation observation : trace) {
            checker.observe(observation, complaints::add);
        }
        return complaints;
    }
}
