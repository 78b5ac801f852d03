package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss, partitions and restarts drawn from seeds. Afterwards every live member has received every broadcast once. */
class BroadcastCampaignTest {
    private static final int MEMBERS = 8;
    private static final int STEPS = 60;
    private static final Duration BOUND = Duration.ofSeconds(120);

    /** One instance of a member, and what it received. */
    private static final class Life {
        final RecordingSubscriber inbox;
        boolean ended;

        Life(Memberlist member) {
            inbox = new RecordingSubscriber(member);
        }

        Memberlist member() {
            return inbox.member;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyLiveMemberGetsEveryBroadcastOnce(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualCluster cluster = new VirtualCluster(seed, RecordingSubscriber::messaging);
        List<Life> lives = new ArrayList<>();
        for (Memberlist member : cluster.startJoined(MEMBERS, config -> config)) {
            lives.add(new Life(member));
        }
        cluster.network().loss(random.nextDouble() * 0.3);
        Set<String> sent = new HashSet<>();
        Set<String> ofTheDead = new HashSet<>();
        for (int step = 0; step < STEPS; step++) {
            trouble(random, cluster, lives, ofTheDead);
            for (Life life : lives) {
                if (!life.ended && random.nextInt(3) == 0) {
                    String text = life.member().localMember().name() + "-" + step;
                    sent.add(text);
                    byte[] payload = new byte[random.nextInt(8) == 0 ? 2000 : 60];
                    System.arraycopy(RecordingSubscriber.bytes(text), 0, payload, 0, text.length());
                    ClusterMessaging.of(life.member()).broadcast("t" + random.nextInt(3), payload);
                }
            }
            cluster.run(Duration.ofMillis(random.nextInt(1000)));
        }
        cluster.network().heal();
        // Members whose first attempt failed because of a partition.
        lives.stream()
                .filter(life -> !life.ended)
                .forEach(life ->
                        life.member().join(VirtualCluster.addressOf(lives.get(0).member())));
        // A broadcast is lost if only a crashed member had it.
        sent.removeAll(ofTheDead);
        cluster.time()
                .runUntil(
                        "every live member has every broadcast",
                        BOUND,
                        () -> lives.stream()
                                .filter(life -> !life.ended)
                                .allMatch(life -> texts(life).containsAll(sent)));
        cluster.run(Duration.ofSeconds(10));

        for (Life life : lives) {
            List<MessageId> ids =
                    life.inbox.messages().stream().map(ClusterMessage::id).toList();
            assertThat(ids).doesNotHaveDuplicates();
            assertInOrder(life.inbox.messages());
        }
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static void trouble(
            SplittableRandom random, VirtualCluster cluster, List<Life> lives, Set<String> ofTheDead) {
        switch (random.nextInt(12)) {
            case 0 -> {
                long side = random.nextLong();
                cluster.network().cut((from, to) -> side(side, from.hashCode()) != side(side, to.hashCode()));
            }
            case 1, 2, 3 -> cluster.network().heal();
            case 4 -> restart(random, cluster, lives, ofTheDead);
            default -> {}
        }
    }

    private static boolean side(long seed, int address) {
        return (new SplittableRandom(seed ^ address).nextInt() & 1) == 0;
    }

    private static void restart(
            SplittableRandom random, VirtualCluster cluster, List<Life> lives, Set<String> ofTheDead) {
        int index = random.nextInt(lives.size() - 1) + 1;
        Life life = lives.get(index);
        if (life.ended) {
            return;
        }
        life.ended = true;
        String name = life.member().localMember().name();
        texts(life).stream().filter(text -> text.startsWith(name + "-")).forEach(ofTheDead::add);
        cluster.crash(life.member());
        Memberlist again = cluster.start(name + "x");
        lives.add(new Life(again));
        again.join(VirtualCluster.addressOf(lives.get(0).member()));
    }

    private static Set<String> texts(Life life) {
        Set<String> texts = new HashSet<>();
        for (String text : life.inbox.texts()) {
            int end = text.indexOf(0);
            texts.add(end < 0 ? text : text.substring(0, end));
        }
        return texts;
    }

    /** Messages that are not late arrive in the order of their topic. */
    private static void assertInOrder(List<ClusterMessage> messages) {
        Map<String, Long> latest = new HashMap<>();
        for (ClusterMessage message : messages) {
            String line = message.origin() + "/" + message.id().instance() + "/" + message.topic();
            long before = latest.getOrDefault(line, 0L);
            if (message.late()) {
                assertThat(message.order()).isLessThan(before);
            } else {
                assertThat(message.order()).isGreaterThan(before);
                latest.put(line, message.order());
            }
        }
    }
}
