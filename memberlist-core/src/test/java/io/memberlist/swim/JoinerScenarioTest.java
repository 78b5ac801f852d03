package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.SeedLookup.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a join looks up its seeds and contacts the addresses, in virtual time. */
class JoinerScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(11);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
        assertThat(cluster.network().lookUpsUnderWay()).isZero();
    }

    @Test
    void everyFormIsLookedUpInItsOwnWay() {
        Memberlist a = cluster.start("a");
        Memberlist b = cluster.start("b", config -> config.network(n -> n.bindPort(9000)));
        Memberlist joiner = cluster.start("joiner");
        cluster.network().host("a.example", a.localMember().address().getAddress());
        cluster.network().service("_g._tcp.example", b.localMember().address());

        JoinResult result = cluster.await(joiner.join("a/dns+a.example", "dnssrv+_g._tcp.example"));

        assertThat(cluster.network().lookUps())
                .containsExactly(
                        new SeedLookup(Kind.DNS, "a.example", 7946),
                        new SeedLookup(Kind.DNS_SRV, "_g._tcp.example", 0));
        assertThat(result.reached()).containsExactlyInAnyOrder(addressOf(a), addressOf(b));
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void anAddressThatSeveralSeedsLeadToIsJoinedOnce() {
        Memberlist a = cluster.start("a");
        Memberlist joiner = cluster.start("joiner");
        cluster.network().host("a.example", a.localMember().address().getAddress());
        cluster.network()
                .service(
                        "_g._tcp.example",
                        a.localMember().address(),
                        a.localMember().address());
        long before = a.statistics().streamsAccepted();

        JoinResult result = cluster.await(joiner.join(
                addressOf(a),
                addressOf(a),
                "a.example",
                "dns+a.example",
                "dnssrv+_g._tcp.example",
                "a/" + addressOf(a)));

        assertThat(result.reached()).containsExactly(addressOf(a));
        assertThat(a.statistics().streamsAccepted() - before).isEqualTo(1);
        assertThat(cluster.network().lookUps())
                .extracting(SeedLookup::toString)
                .containsExactlyInAnyOrder(
                        "10.0.0.2", "10.0.0.2", "a.example", "dns+a.example", "dnssrv+_g._tcp.example");
    }

    @Test
    void aSeedThatCannotBeFoundIsNamedAsItWasGiven() {
        Memberlist joiner = cluster.start("joiner");

        assertThatThrownBy(() -> cluster.await(joiner.join("dnssrv+_none._tcp.example", "b/dns+none.example:80")))
                .cause()
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("dnssrv+_none._tcp.example: dnssrv+_none._tcp.example has no SRV records")
                .hasMessageContaining("b/dns+none.example:80: cannot resolve host 'none.example'");
    }

    @Test
    void aLookUpThatNeverEndsDoesNotHoldUpTheOthers() {
        Memberlist a = cluster.start("a");
        Memberlist joiner = cluster.start("joiner", config -> config.network(n -> n.tcpTimeout(Duration.ofSeconds(3))));
        cluster.network().silentHost("slow.example");
        long began = cluster.time().nanos();

        CompletableFuture<JoinResult> join = joiner.join("dns+slow.example", addressOf(a));
        cluster.runUntil("the other seed is joined", () -> joiner.numMembers() == 2);
        assertThat(Duration.ofNanos(cluster.time().nanos() - began)).isLessThan(Duration.ofSeconds(1));
        JoinResult result = cluster.await(join);

        assertThat(Duration.ofNanos(cluster.time().nanos() - began))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertThat(result.failures()).containsOnlyKeys("dns+slow.example");
    }

    @Test
    void soManyLookUpsAtATimeAndNoMore() {
        Memberlist joiner = cluster.start(
                "joiner",
                config -> config.limits(l -> l.joinConcurrency(3)).network(n -> n.tcpTimeout(Duration.ofSeconds(1))));
        List<String> seeds = IntStream.range(0, 10)
                .mapToObj(i -> "dns+slow-" + i + ".example")
                .toList();
        seeds.forEach(seed -> cluster.network().silentHost(seed.substring("dns+".length())));
        CompletableFuture<JoinResult> join = joiner.join(seeds);

        for (int begun : new int[] {3, 6, 9}) {
            cluster.runUntil(
                    begun + " are begun", () -> cluster.network().lookUps().size() == begun);
            assertThat(cluster.network().lookUpsUnderWay()).isEqualTo(3);
        }

        assertThatThrownBy(() -> cluster.await(join)).cause().isInstanceOf(JoinException.class);
        assertThat(cluster.network().lookUps()).hasSize(10);
    }

    @Test
    void aCancelledJoinEndsItsLookUpsAndBeginsNoMore() {
        Memberlist joiner = cluster.start("joiner", config -> config.limits(l -> l.joinConcurrency(2)));
        List.of("x", "y", "z").forEach(name -> cluster.network().silentHost(name));
        CompletableFuture<JoinResult> join = joiner.join("x", "y", "z");
        cluster.run(Duration.ofMillis(10));
        assertThat(cluster.network().lookUpsUnderWay()).isEqualTo(2);

        join.cancel(true);
        cluster.run(Duration.ofMillis(10));

        assertThat(cluster.network().lookUpsUnderWay()).isZero();
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.network().lookUps()).hasSize(2);
        assertThat(join).isCancelled();
    }
}
