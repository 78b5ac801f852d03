package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member that receives no packets says so; those that send them cannot know on which side they are lost. */
class ArrivalScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(283);

    /** Loses all packets to one address, and no stream. */
    private void losePacketsTo(InetSocketAddress deaf) {
        cluster.network().faults(new LinkFaults() {
            @Override
            public List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
                return to.equals(deaf) ? List.of() : List.of(new Arrival(0, packet));
            }
        });
    }

    @Test
    void aMemberAtWhichNoPacketArrivesSaysSoUntilOneDoes() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist deaf = all.get(0);

        losePacketsTo(deaf.localMember().address());
        cluster.run(Duration.ofMinutes(3));

        assertThat(allSee(all, 3)).as("the members stay members").isTrue();
        assertThat(deaf.addressProblem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("no packet of theirs arrives")
                        .contains(VirtualCluster.addressOf(deaf)));
        assertThat(all.subList(1, 3))
                .allSatisfy(other -> assertThat(other.addressProblem()).isEmpty());

        cluster.network().faults(LinkFaults.NONE);
        cluster.run(Duration.ofSeconds(10));
        assertThat(deaf.addressProblem()).isEmpty();
    }

    @Test
    void aMemberThatAdvertisesAnAddressWhichDoesNotLeadToItSaysSoAllTheTime() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist wrong = cluster.start("wrong", config -> config.network(n -> n.advertiseAddress("10.9.9.9")));
        cluster.await(wrong.join(VirtualCluster.addressOf(all.get(0))));

        cluster.run(Duration.ofSeconds(90));

        for (int i = 0; i < 60; i++) {
            cluster.run(Duration.ofSeconds(5));
            assertThat(wrong.addressProblem())
                    .hasValueSatisfying(problem ->
                            assertThat(problem).contains("10.9.9.9:7946").contains("network.advertiseAddress"));
        }
        assertThat(all).allSatisfy(other -> assertThat(other.addressProblem()).isEmpty());
    }

    @Test
    void nobodyComplainsInAHealthyCluster() {
        List<Memberlist> all = cluster.startJoined(20, config -> config);
        for (int i = 0; i < 100; i++) {
            cluster.run(Duration.ofSeconds(6));
            assertThat(all)
                    .allSatisfy(member -> assertThat(member.addressProblem()).isEmpty());
        }
    }
}
