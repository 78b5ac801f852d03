package io.memberlist.messaging;

import static io.memberlist.messaging.Inbox.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was missed comes later, in the awkward cases, in virtual time. */
class RepairScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(12);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void whatWasHeardWithManyHolesIsTaughtToOthers() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        Inbox heard = new Inbox(members.get(1));
        InetSocketAddress origin = members.get(0).localMember().address();
        // The origin dies before anybody could ask it for what was lost, which is every second one.
        for (int i = 0; i < 80; i++) {
            boolean lost = i % 2 == 1;
            cluster.network().cutPackets((from, to) -> lost && from.equals(origin));
            members.get(0).messaging().broadcast("news", bytes("m" + i));
            cluster.run(Duration.ofMillis(1));
        }
        cluster.crash(members.get(0));
        cluster.run(Duration.ofSeconds(60));
        List<String> known = IntStream.range(0, 40).mapToObj(i -> "m" + 2 * i).toList();
        assertThat(heard.texts()).hasSizeGreaterThanOrEqualTo(40).containsAll(known);

        Memberlist late = cluster.start("late");
        Inbox told = new Inbox(late);
        cluster.await(late.join(VirtualCluster.addressOf(members.get(1))));
        cluster.run(Duration.ofSeconds(90));

        assertThat(told.texts()).containsExactlyInAnyOrderElementsOf(heard.texts());
    }

    @Test
    void twoThatHeardNothingOfEachOtherInPacketsAtFirstFindOutLater() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        List<Inbox> inboxes = Inbox.of(members);

        // Probes go through over streams, so that nobody is suspected, and nobody has a new incarnation after it.
        cluster.network().cutPackets((from, to) -> true);
        members.forEach(member -> member.messaging().broadcast("news", bytes("meanwhile")));
        cluster.run(Duration.ofSeconds(30));
        assertThat(members).allSatisfy(member -> assertThat(member.numMembers()).isEqualTo(2));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.texts()).hasSize(2));
    }
}
