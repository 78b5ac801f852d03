package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.Member;
import io.memberlist.testing.VirtualCluster;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Members are replaced by others with new names and addresses, as an orchestrator replaces containers, and their addresses
 * are given to members of another cluster.
 */
class ReplacedMemberScenarioTest {
    private static final String NAME = "orders.test";

    private final VirtualCluster cluster = new VirtualCluster(1820);
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void tenMinutesLaterNothingIsLeftOfThoseThatWereReplaced() {
        List<Memberlist> all = new ArrayList<>(cluster.startJoined(4, config -> config));
        for (int i = 0; i < 2; i++) {
            cluster.crash(all.remove(2));
        }
        for (int i = 0; i < 2; i++) {
            Memberlist next = cluster.start("next-" + i);
            cluster.await(next.join(addressOf(all.get(0))));
            all.add(next);
        }
        cluster.run(Duration.ofMinutes(10));
        log.list.clear();

        assertThat(all).allSatisfy(member -> {
            assertThat(member.allMembers())
                    .hasSize(4)
                    .allMatch(known -> known.state().isLive());
            assertThat(member.healthScore()).isZero();
        });
        long opened = streamsWithoutPushPulls(all);
        cluster.run(Duration.ofHours(6));

        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
        // Each of the others asks now and then whether one of the two is back: every five minutes at most.
        assertThat(streamsWithoutPushPulls(all) - opened).isLessThanOrEqualTo(4 * 2 * 6 * 12);
    }

    private static long streamsWithoutPushPulls(List<Memberlist> members) {
        return members.stream()
                .map(Memberlist::statistics)
                .mapToLong(counted -> counted.streamsOpened() - counted.pushPulls())
                .sum();
    }

    @Test
    void anAddressThatWasGivenToAnotherClusterDoesNotJoinTheTwoWhereSeedsAreNames() throws UnknownHostException {
        giveAddressToAnotherCluster(Duration.ofMinutes(2), NAME, config -> config, config -> config);
    }

    /** Gossip still reaches the dead at that time, and a seed that is an address means whoever is there. */
    @Test
    void labelsKeepClustersApartAlsoWhereAnAddressIsGivenAwayAtOnce() throws UnknownHostException {
        giveAddressToAnotherCluster(
                Duration.ofSeconds(3),
                null,
                config -> config.network(n -> n.label("orders")),
                config -> config.network(n -> n.label("billing")));
    }

    /** @param seed how members find each other; null for by address */
    private void giveAddressToAnotherCluster(
            Duration after,
            @Nullable String seed,
            UnaryOperator<MemberlistConfigBuilder> orders,
            UnaryOperator<MemberlistConfigBuilder> billing)
            throws UnknownHostException {
        Memberlist first = cluster.start("orders-1", orders);
        InetAddress address = first.localMember().address().getAddress();
        cluster.network().host(NAME, address);
        Memberlist second = cluster.start("orders-2", orders);
        Memberlist third = cluster.start("orders-3", orders);
        for (Memberlist member : List.of(second, third)) {
            cluster.await(member.join(seed == null ? addressOf(first) : seed));
        }
        cluster.runUntil("three see three", () -> allSee(List.of(first, second, third), 3));
        Memberlist other = cluster.start("billing-1", billing);

        cluster.crash(first);
        cluster.network().host(NAME, second.localMember().address().getAddress());
        cluster.run(after);
        Memberlist stranger = cluster.start(
                "billing-2", config -> billing.apply(config).network(n -> n.bindAddress(address.getHostAddress())));
        cluster.await(stranger.join(addressOf(other)));
        Memberlist next = cluster.start("orders-4", orders);
        cluster.await(next.join(seed == null ? addressOf(second) : seed));
        cluster.run(Duration.ofHours(1));

        assertThat(names(third)).containsExactlyInAnyOrder("orders-2", "orders-3", "orders-4");
        assertThat(names(stranger)).containsExactlyInAnyOrder("billing-1", "billing-2");
    }

    private static List<String> names(Memberlist member) {
        return member.members().stream().map(Member::name).toList();
    }
}
