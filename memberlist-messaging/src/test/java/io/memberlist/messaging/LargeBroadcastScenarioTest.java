package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large broadcasts with broken streams, and with members that pass nothing on, in virtual time. */
class LargeBroadcastScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(31, RecordingSubscriber::messaging);
    private final byte[] large = new byte[200_000];

    LargeBroadcastScenarioTest() {
        new Random(1).nextBytes(large);
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void membersThatDoNotPassOnAreNotReliedUpon() {
        List<Memberlist> members = cluster.startJoined(8, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        Set<String> silent = startSilent(members, 24);
        ClusterMessaging.of(members.get(1)).broadcast("t", bytes("small"));
        cluster.run(Duration.ofSeconds(25));

        ClusterMessaging.of(members.get(0)).broadcast("t", large);

        soon("all have it", () -> RecordingSubscriber.allHave(inboxes, 2) && silent.size() == 24);
    }

    @Test
    void membersOfWhomNothingIsKnownAreNotReliedUpon() {
        List<Memberlist> members = cluster.startJoined(8, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        Set<String> silent = startSilent(members, 24);

        for (int i = 0; i < 8; i++) {
            ClusterMessaging.of(members.get(i)).broadcast("t", large);
            int sent = i + 1;
            soon("all have it", () -> RecordingSubscriber.allHave(inboxes, sent) && silent.size() == 24);
            silent.clear();
        }
    }

    /** {@return the names, as soon as they have a large message, of members that take part without cluster messages} */
    private Set<String> startSilent(List<Memberlist> members, int count) {
        Set<String> silent = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = "silent-" + i;
            Memberlist member = cluster.start(
                    name,
                    config -> config.extensions(List.of())
                            .delegates(d -> d.message(message -> {
                                if (message.length > large.length) {
                                    silent.add(name);
                                }
                            })));
            cluster.await(member.join(VirtualCluster.addressOf(members.get(0))));
        }
        cluster.runUntil("all see all", () -> VirtualCluster.allSee(members, members.size() + count));
        return silent;
    }

    @Test
    void nobodyIsMissedWhereNothingIsLost() {
        List<Memberlist> members = cluster.startJoined(60, config -> config);
        for (int i = 0; i < 20; i++) {
            // In the meantime they find out that all of them pass messages on.
            ClusterMessaging.of(members.get(i)).broadcast("t", bytes("small"));
            cluster.run(Duration.ofSeconds(5));
        }
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);

        for (int i = 0; i < 5; i++) {
            ClusterMessaging.of(members.get(i)).broadcast("t", new byte[3000]);
            cluster.run(Duration.ofMillis(90));
            // Before any member fetches missing messages.
            assertThat(inboxes).extracting(RecordingSubscriber::count).containsOnly(i + 1);
        }
    }

    @Test
    void theOnlyMemberOfAPartThatRefusesIsTriedAgain() {
        List<Memberlist> members = cluster.startJoined(5, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        Set<List<InetSocketAddress>> tried = new HashSet<>();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return tried.add(List.of(from, to)) ? StreamFate.BREAKS : StreamFate.PASSES;
            }
        });

        ClusterMessaging.of(members.get(0)).broadcast("t", large);

        soon("all have it", () -> RecordingSubscriber.allHave(inboxes, 1));
        assertThat(ClusterMessaging.of(members.get(0)).statistics().streamRetries())
                .isPositive();
        assertThat(ClusterMessaging.of(members.get(0)).statistics().drops()).doesNotContainKey("unreachable");
    }

    @Test
    void whatNobodyCouldBeGivenIsRepairedSoonAccordingToItsSize() {
        List<Memberlist> members = cluster.startJoined(5, config -> config);
        List<RecordingSubscriber> inboxes = RecordingSubscriber.of(members);
        List<Integer> attempts = new ArrayList<>();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                attempts.add(1);
                return StreamFate.BREAKS;
            }
        });
        ClusterMessaging.of(members.get(0)).broadcast("t", large);
        cluster.run(Duration.ofMillis(500));
        cluster.network().faults(LinkFaults.NONE);

        assertThat(ClusterMessaging.of(members.get(0)).statistics().drops()).containsEntry("unreachable", 4L);
        soon("all have it", () -> RecordingSubscriber.allHave(inboxes, 1));
        assertThat(attempts).isNotEmpty();
    }

    /** Before a repair that waits for the time that streams may take. */
    private void soon(String what, BooleanSupplier condition) {
        cluster.time().runUntil(what, Duration.ofSeconds(6), condition);
    }
}
