package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log at INFO tells the life of the cluster, in a few lines however many members there are. */
class ChangeLogScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(1411);
    private final MemberLines lines = MemberLines.of("observer");
    private final Memberlist observer = cluster.start("observer");

    @AfterEach
    void close() {
        lines.close();
        assertThat(cluster.time().failures()).isEmpty();
    }

    private Memberlist joined(String name) {
        Memberlist member = cluster.start(name);
        cluster.await(member.join(addressOf(observer)));
        return member;
    }

    @Test
    void eachChangeOfAMemberIsOneLine() {
        Memberlist other = joined("other");
        Memberlist third = joined("third");
        cluster.run(Duration.ofSeconds(15));
        cluster.await(other.leave(Duration.ofSeconds(5)));
        cluster.run(Duration.ofSeconds(15));
        cluster.await(other.join(addressOf(observer)));
        cluster.run(Duration.ofSeconds(15));
        cluster.crash(other);
        cluster.runUntil("it is found dead", () -> allSee(List.of(observer, third), 2));
        cluster.run(Duration.ofSeconds(15));

        assertThat(lines.all().stream().filter(line -> line.contains("other (")))
                .containsExactly(
                        "other (10.0.0.3:7946) joined; live members: 2",
                        "other (10.0.0.3:7946) left; live members: 2",
                        "other (10.0.0.3:7946) came back; live members: 3",
                        "other (10.0.0.3:7946) failed; live members: 2");
        assertThat(lines.all().stream().filter(line -> line.contains("observer (")))
                .as("this member itself")
                .isEmpty();
    }

    @Test
    void aMemberThatLeavesSaysSoAndHowManyItHasTold() {
        joined("other");
        joined("third");
        cluster.run(Duration.ofSeconds(15));

        cluster.await(observer.leave(Duration.ofSeconds(5)));
        cluster.await(observer.leave(Duration.ofSeconds(5)));

        assertThat(lines.all())
                .filteredOn(line -> line.startsWith("leaving") || line.startsWith("left"))
                .containsExactly(
                        "leaving the cluster of 3 members",
                        "left the cluster: 2 of 2 other members were told directly, and gossip spreads it");
    }

    @Test
    void aMemberThatLeavesAloneHasNobodyToTell() {
        cluster.await(observer.leave(Duration.ofSeconds(5)));

        assertThat(lines.all())
                .endsWith(
                        "leaving the cluster of 1 members",
                        "left the cluster: 0 of 0 other members were told directly, and gossip spreads it");
    }

    @Test
    void manyChangesAtATimeAreFewLines() {
        List<Memberlist> others = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            others.add(cluster.start("m" + i));
        }
        others.forEach(other -> other.join(addressOf(observer)));
        cluster.runUntil("all are there", () -> observer.numMembers() == 61);
        cluster.run(Duration.ofSeconds(15));

        assertThat(lines.all()).filteredOn(line -> line.contains(" joined; ")).hasSizeBetween(2, 4);
        assertThat(lines.all())
                .filteredOn(line -> line.endsWith(" more joined; live members: 61"))
                .hasSize(1);

        others.subList(20, 60).forEach(cluster::crash);
        cluster.runUntil("they are found dead", () -> observer.numMembers() == 21);
        cluster.run(Duration.ofSeconds(15));
        assertThat(lines.all()).filteredOn(line -> line.contains(" failed; ")).hasSizeBetween(2, 8);
        assertThat(lines.all())
                .filteredOn(line -> line.endsWith(" failed; live members: 21"))
                .isNotEmpty();
    }
}
