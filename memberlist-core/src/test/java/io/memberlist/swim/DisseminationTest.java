package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.MessageCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisseminationTest {
    private static final int OVERHEAD = 2;
    private static final int LIMIT = 1000;

    private final VirtualEventLoop loop = new VirtualEventLoop(new VirtualTime(), 1);
    private MemberTable table;
    private final List<String> finished = new ArrayList<>();
    private Dissemination dissemination;
    private int newsCount;

    @BeforeEach
    void setUp() {
        Counters counters = new Counters();
        MemberlistConfig config = MemberlistConfig.lan().nodeName("self").build();
        Context context =
                Context.of(config, LifeguardSwitches.ALL, loop, new InetSocketAddress("127.0.0.1", 7946), counters);
        table = context.table();
        dissemination = new Dissemination(context, 1400);
        // Nine members and a multiplier of 4: everything goes out four times.
        for (int i = 0; i < 9; i++) {
            table.add(MemberTableTest.record("m" + i));
        }
    }

    @Test
    void nothingComesOfNothing() {
        assertThat(dissemination.take("", OVERHEAD, LIMIT)).isEmpty();
        news(1);
        assertThat(dissemination.take("", OVERHEAD, OVERHEAD)).isEmpty();
        assertThat(dissemination.take("", OVERHEAD, -5)).isEmpty();
    }

    @Test
    void nobodyIsToldThatItIsAliveButOfASuspicionItHears() {
        Alive alive = new Alive(1, "m1", new byte[] {10, 0, 0, 1}, 7946, new byte[0], new byte[0]);
        dissemination.queue("m1", alive, () -> finished.add("alive"));

        for (int i = 0; i < 10; i++) {
            assertThat(dissemination.take("m1", OVERHEAD, LIMIT)).isEmpty();
        }
        assertThat(finished).as("what was left out was not sent").isEmpty();
        for (int i = 0; i < 4; i++) {
            assertThat(dissemination.take("m2", OVERHEAD, LIMIT)).hasSize(1);
        }
        assertThat(finished).containsExactly("alive");

        dissemination.queue("m1", new Suspect(1, "m1", "m2"), () -> {});
        assertThat(dissemination.take("m1", OVERHEAD, LIMIT)).hasSize(1);
    }

    @Test
    void newsGoesFirstWhereThereIsRoomForAll() {
        user(40);
        news(2);
        List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);

        assertThat(taken).extracting(message -> message[0]).containsExactly(suspectType(), suspectType(), userType());
    }

    @Test
    void aUserBroadcastBecomesAUserMessage() {
        dissemination.queueUser((UniqueBroadcast) () -> new byte[] {1, 2, 3});

        assertThat(dissemination.take("", OVERHEAD, LIMIT)).containsExactly(new byte[] {userType(), 1, 2, 3});
    }

    @Test
    void theApplicationsBroadcastsGetTheirQuarterInAStormOfNews() {
        for (int i = 0; i < 100; i++) {
            user(20);
        }
        int users = 0;
        int packets = 20;
        for (int i = 0; i < packets; i++) {
            news(100);
            List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);
            assertThat(size(taken)).isLessThanOrEqualTo(LIMIT);
            users += size(userMessages(taken));
        }

        // Whole messages of 23 bytes: a quarter, less a part of one in each packet, and what the messages about members
        // leave over.
        assertThat(users).isBetween(packets * (LIMIT / 4 - 23), packets * (LIMIT / 4 + 40));
    }

    @Test
    void newsHasTheWholePacketWhereTheApplicationHasNothing() {
        news(100);
        List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);

        assertThat(size(taken)).isBetween(LIMIT - 40, LIMIT);
    }

    @Test
    void theApplicationHasTheWholePacketWhereThereIsNoNews() {
        for (int i = 0; i < 100; i++) {
            user(20);
        }

        assertThat(size(dissemination.take("", OVERHEAD, LIMIT))).isBetween(LIMIT - 23, LIMIT);
    }

    @Test
    void littleFromTheApplicationLeavesTheRestToNews() {
        user(10);
        news(100);
        List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);

        assertThat(userMessages(taken)).hasSize(1);
        assertThat(size(taken)).isBetween(LIMIT - 40, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {251, 400, 700, 997})
    void aLargeUserBroadcastDoesNotStarveInAStormOfNewsEither(int length) {
        user(length);
        int sent = 0;
        for (int packet = 0; packet < 20; packet++) {
            news(100);
            List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);
            assertThat(size(taken)).isLessThanOrEqualTo(LIMIT);
            sent += userMessages(taken).size();
            if (userMessages(taken).isEmpty()) {
                assertThat(size(taken)).as("no room is kept that nobody uses").isGreaterThan(LIMIT - 40);
            }
        }

        assertThat(sent).isEqualTo(4);
        assertThat(finished).contains("user " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {700, 760, 900})
    void newsTooLargeToShareAPacketDoesNotStarveBehindTheApplication(int metaLength) {
        largeNews("large", metaLength);
        for (int packet = 0; packet < 40 && finished.isEmpty(); packet++) {
            for (int i = 0; i < 20; i++) {
                user(20);
            }
            assertThat(size(dissemination.take("", OVERHEAD, LIMIT))).isLessThanOrEqualTo(LIMIT);
            finished.removeIf(what -> what.startsWith("user"));
        }

        assertThat(finished).containsExactly("large");
    }

    @Test
    void aStormOfNewsTooLargeToShareAPacketLeavesTheApplicationItsQuarter() {
        for (int i = 0; i < 1_000; i++) {
            user(20);
        }
        int users = 0;
        int large = 0;
        for (int packet = 0; packet < 40; packet++) {
            largeNews("large " + packet, 880);
            List<byte[]> taken = dissemination.take("", OVERHEAD, LIMIT);
            users += size(userMessages(taken));
            large +=
                    (int) taken.stream().filter(message -> message.length > 880).count();
        }

        // What the large ones leave over counts towards the quarter.
        assertThat(large).isBetween(30, 33);
        assertThat(users).isBetween(9 * LIMIT, 11 * LIMIT);
    }

    @Test
    void aPacketWithLittleRoomTakesNothingFromWhatTheApplicationSaved() {
        user(900);
        int packets = 0;
        for (; packets < 10; packets++) {
            news(100);
            if (!userMessages(dissemination.take("", OVERHEAD, LIMIT)).isEmpty()) {
                break;
            }
            dissemination.take("", OVERHEAD, 120);
        }

        assertThat(packets).as("the quarters of four packets").isLessThan(4);
    }

    @Test
    void aLargeBroadcastDoesNotStarveBehindSmallOnes() {
        user(600);
        int packets = 0;
        boolean sent = false;
        while (packets < 10 && !sent) {
            news(100);
            for (int i = 0; i < 20; i++) {
                user(20);
            }
            sent = dissemination.take("", OVERHEAD, LIMIT).stream().anyMatch(message -> message.length == 601);
            packets++;
        }

        assertThat(packets).as("the quarters of three packets").isEqualTo(3);
    }

    @Test
    void sharesAreNotSavedForBroadcastsToCome() {
        user(20);
        for (int packet = 0; packet < 20; packet++) {
            news(100);
            dissemination.take("", OVERHEAD, LIMIT);
        }
        for (int i = 0; i < 100; i++) {
            user(20);
        }
        news(100);

        assertThat(size(userMessages(dissemination.take("", OVERHEAD, LIMIT)))).isLessThan(LIMIT / 4 + 40);
    }

    @Test
    void thePacketIsNeverOverfull() {
        for (int limit = 0; limit < 1_500; limit += 7) {
            news(5);
            user(limit % 300);
            assertThat(size(dissemination.take("", OVERHEAD, limit))).isLessThanOrEqualTo(limit);
        }
    }

    @Test
    void newsReplacesOlderNewsAboutTheSameMember() {
        dissemination.queue("m1", new Suspect(1, "m1", "self"), () -> finished.add("old"));
        dissemination.queue("m1", new Suspect(2, "m1", "self"), () -> finished.add("new"));

        assertThat(finished).containsExactly("old");
        assertThat(dissemination.take("", OVERHEAD, LIMIT))
                .containsExactly(MessageCodec.encode(new Suspect(2, "m1", "self")));
    }

    @Test
    void newsIsFinishedWhenItHasGoneOutOftenEnough() {
        dissemination.queue("m1", new Suspect(1, "m1", "self"), () -> finished.add("m1"));
        for (int i = 0; i < 3; i++) {
            assertThat(dissemination.take("", OVERHEAD, LIMIT)).hasSize(1);
            assertThat(finished).isEmpty();
            assertThat(dissemination.size()).isEqualTo(1);
        }
        assertThat(dissemination.take("", OVERHEAD, LIMIT)).hasSize(1);
        assertThat(finished).containsExactly("m1");
        assertThat(dissemination.size()).isZero();
    }

    @Test
    void clearingTellsThoseWhoWait() {
        dissemination.queue("m1", new Suspect(1, "m1", "self"), () -> finished.add("m1"));
        user(20);
        dissemination.clear();

        assertThat(finished).containsExactly("m1", "user 20");
        assertThat(dissemination.size()).isZero();
    }

    private void news(int count) {
        for (int i = 0; i < count; i++) {
            String about = "n" + newsCount++;
            dissemination.queue(about, new Suspect(1, about, "self"), () -> {});
        }
    }

    private void largeNews(String about, int metaLength) {
        byte[] address = {10, 0, 0, 1};
        Alive alive = new Alive(1, about, address, 7946, new byte[metaLength], new byte[0]);
        dissemination.queue(about, alive, () -> finished.add(about));
    }

    private void user(int length) {
        byte[] message = new byte[length];
        dissemination.queueUser(new UniqueBroadcast() {
            @Override
            public byte[] message() {
                return message;
            }

            @Override
            public void finished() {
                finished.add("user " + length);
            }
        });
    }

    private static int size(List<byte[]> messages) {
        return messages.stream().mapToInt(message -> message.length + OVERHEAD).sum();
    }

    private static List<byte[]> userMessages(List<byte[]> messages) {
        return messages.stream().filter(message -> message[0] == userType()).toList();
    }

    private static byte userType() {
        return 8;
    }

    private static byte suspectType() {
        return 3;
    }
}
