package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A stranger announces many members that do not exist while a cluster forms, and the others must find each other among them all
 * the same.
 */
class GhostScenarioTest {

    /** Each has answered each, and whoever is told of is taken in. */
    private static final Duration STILL_FORMING =
            Duration.ofNanos(Newcomers.FORMING_NANOS).minusSeconds(1);

    private final VirtualCluster cluster = new VirtualCluster(15);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void forgedSuspicionsAreRefutedAmongMembersThatDoNotExist() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        cluster.run(STILL_FORMING);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        members.forEach(member -> liar.ask(member, ScriptedPeer.ghosts(300)));
        Set<MemberState> seen = new HashSet<>();

        for (int i = 0; i < 6; i++) {
            for (Memberlist observer : members.subList(1, 3)) {
                liar.send(observer, new Suspect(members.get(0).localMember().incarnation(), "node-0", "node-" + i));
            }
            for (int second = 0; second < 30; second++) {
                cluster.run(Duration.ofSeconds(1));
                members.subList(1, 3).forEach(observer -> seen.add(VirtualCluster.stateOf(observer, "node-0")));
            }
        }

        assertThat(seen).containsExactlyInAnyOrder(MemberState.ALIVE, MemberState.SUSPECT);
    }

    @Test
    void membersThatDoNotExistHaveFewLinesInTheLog() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        try (MemberLines lines = MemberLines.of("node-0")) {
            members.forEach(member -> liar.ask(member, ScriptedPeer.ghosts(1000)));
            cluster.run(Duration.ofMinutes(2));
            cluster.crash(members.get(2));
            cluster.run(Duration.ofMinutes(3));

            assertThat(lines.all())
                    .filteredOn(line -> line.contains("node-2 ("))
                    .hasSize(1);
            assertThat(lines.all()).filteredOn(line -> line.contains(" joined")).hasSizeLessThanOrEqualTo(3);
            assertThat(lines.all())
                    .filteredOn(line -> line.contains(" failed; "))
                    .hasSizeBetween(3, 12);
            assertThat(lines.all())
                    .filteredOn(line -> line.startsWith("Suspect ghost"))
                    .hasSizeBetween(2, 10);
        }
    }

    @Test
    void pingsInTheNamesOfManyMembersDoNotUseUpARefutation() {
        Memberlist victim = cluster.start("victim", config -> config.gossip(gossip -> gossip.retransmitMultiplier(50)));
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        for (int i = 0; i < 50; i++) {
            liar.send(victim, liar.alive("ghost-" + i, 1, 1, 5, 2, 0, 0, 0));
        }
        cluster.run(Duration.ofSeconds(30));
        liar.heard.clear();

        liar.send(victim, new Suspect(1, "victim", "ghost-0"));
        for (int i = 0; i < 50; i++) {
            Source ghost = new Source(liar.address().getAddress().getAddress(), 7946, "ghost-" + i);
            liar.send(victim, new Ping(i, "victim", ghost));
        }

        long refutations = liar.heard(Alive.class).stream()
                .filter(news -> news.node().equals("victim"))
                .count();
        assertThat(liar.heard(Ack.class)).hasSize(50);
        assertThat(refutations)
                .as("three in a round of gossip, and as many beside it")
                .isLessThanOrEqualTo(36);
    }

    @Test
    void newcomersAreTakenInWhereTooManyAreKnownThatDoNotExist() {
        List<Memberlist> members =
                new ArrayList<>(cluster.startJoined(3, config -> config.limits(limits -> limits.maxMembers(400))));
        cluster.run(STILL_FORMING);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        members.forEach(member -> liar.ask(member, ScriptedPeer.ghosts(300)));
        cluster.run(Duration.ofSeconds(5));

        Memberlist newcomer = cluster.start("newcomer", config -> config.limits(limits -> limits.maxMembers(400)));
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(30));
        members.add(newcomer);

        Set<String> names =
                members.stream().map(member -> member.localMember().name()).collect(Collectors.toSet());
        for (Memberlist observer : members) {
            assertThat(observer.allMembers()).hasSizeLessThanOrEqualTo(400);
            assertThat(names).allMatch(name -> VirtualCluster.stateOf(observer, name) == MemberState.ALIVE);
        }
        cluster.crash(newcomer);
        cluster.run(Duration.ofSeconds(60));
        assertThat(members.subList(0, 3))
                .allMatch(observer -> VirtualCluster.stateOf(observer, "newcomer") != MemberState.ALIVE);
    }
}
