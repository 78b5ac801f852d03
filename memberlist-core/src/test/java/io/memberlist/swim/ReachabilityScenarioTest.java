package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberEvent.ReachabilityChanged;
import io.memberlist.member.PartlyReachable;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One of the two ways to a member works and the other does not. */
class ReachabilityScenarioTest {
    private static final BiPredicate<InetSocketAddress, InetSocketAddress> NONE = (from, to) -> false;

    private final VirtualCluster cluster = new VirtualCluster(11);
    private final List<String> events = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void nothingEscapedALoop() {
        logger.detachAppender(log);
        assertThat(cluster.time().failures()).isEmpty();
    }

    private UnaryOperator<MemberlistConfigBuilder> recording() {
        return config -> config.delegates(d -> d.event(event -> {
            if (event instanceof ReachabilityChanged changed) {
                events.add(changed.member().name() + " " + changed.reachability());
            }
        }));
    }

    private List<Memberlist> pair() {
        Memberlist a = cluster.start("a", recording());
        Memberlist b = cluster.start("b");
        cluster.await(b.join(addressOf(a)));
        cluster.run(Duration.ofSeconds(5));
        return List.of(a, b);
    }

    private void cutStreams() {
        cluster.network().cut((from, to) -> true);
        cluster.network().cutPackets(NONE);
    }

    private static List<String> partly(Memberlist member) {
        return member.partlyReachable().stream()
                .map(partly -> partly.member().name() + " " + partly.reachability())
                .toList();
    }

    @Test
    void streamsThatFailWhilePacketsArriveAreNoticedAndSoIsTheEndOfIt() {
        List<Memberlist> pair = pair();
        cutStreams();
        // A push/pull in 30 s, its timeout, and three checks.
        cluster.run(Duration.ofSeconds(90));

        assertThat(events).containsExactly("b PACKETS_ONLY");
        assertThat(partly(pair.get(0))).containsExactly("b PACKETS_ONLY");
        PartlyReachable partly = pair.get(0).partlyReachable().get(0);
        assertThat(partly.since()).isAfter(partly.member().stateSince());
        assertThat(pair.get(0).statistics().streamsFailed()).isGreaterThan(3);
        assertThat(allSee(pair, 2)).isTrue();

        cluster.network().heal();
        cluster.run(Duration.ofSeconds(20));
        assertThat(events).containsExactly("b PACKETS_ONLY", "b FULL");
        assertThat(partly(pair.get(0))).isEmpty();
    }

    @Test
    void aReliableMessageThatFailsRaisesTheDoubtAtOnce() {
        List<Memberlist> pair = pair();
        cutStreams();
        pair.get(0).sendReliable(pair.get(1).localMember(), new byte[10]);
        cluster.run(Duration.ofSeconds(45));

        assertThat(events).containsExactly("b PACKETS_ONLY");
    }

    @Test
    void unansweredPacketsAreLoggedAgainOnlyOnceAnHour() {
        pair();
        cluster.network().cutPackets((from, to) -> true);
        cluster.run(Duration.ofMinutes(130));

        assertThat(log.list)
                .filteredOn(line -> line.getFormattedMessage().startsWith("a: Was able to connect to b"))
                .hasSize(3);
    }

    @Test
    void packetsThatFailWhileStreamsArriveAreNoticedAndSaidOnce() {
        List<Memberlist> pair = pair();
        cluster.network().cutPackets((from, to) -> true);
        cluster.run(Duration.ofMinutes(2));

        assertThat(events).containsExactly("b STREAMS_ONLY");
        assertThat(allSee(pair, 2)).isTrue();
        List<String> lines = log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("a: ") && line.contains("UDP"))
                .toList();
        assertThat(lines)
                .filteredOn(line -> line.contains("answers over TCP and not over UDP"))
                .hasSize(1);
        // The text of the Go library, once: the member is known as partly reachable from then on.
        assertThat(lines).filteredOn(line -> line.contains("UDP probes failed")).hasSize(1);
        assertThat(lines.get(0)).endsWith("network may be misconfigured");

        cluster.network().heal();
        cluster.run(Duration.ofSeconds(20));
        assertThat(events).containsExactly("b STREAMS_ONLY", "b FULL");
        assertThat(log.list).noneMatch(line -> line.getLevel() == Level.ERROR);
    }

    @Test
    void oneFailureAndAShortBreakAreNoNews() {
        List<Memberlist> pair = pair();
        cutStreams();
        pair.get(0).sendReliable(pair.get(1).localMember(), new byte[10]);
        cluster.run(Duration.ofSeconds(17));
        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(pair.get(0).statistics().streamsFailed()).isPositive();
        assertThat(events).isEmpty();
        assertThat(partly(pair.get(0))).isEmpty();
    }

    @Test
    void lostPacketsAreNoNews() {
        List<Memberlist> all = cluster.startJoined(5, recording());
        cluster.network().loss(0.2);
        cluster.run(Duration.ofMinutes(30));

        assertThat(allSee(all, 5)).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void aCrashIsNoNewsOfThisKindAndNoError() {
        List<Memberlist> all = cluster.startJoined(5, recording());
        cluster.run(Duration.ofSeconds(20));
        log.list.clear();
        cluster.crash(all.get(4));
        cluster.run(Duration.ofMinutes(3));

        assertThat(allSee(all.subList(0, 4), 4)).isTrue();
        assertThat(events).isEmpty();
        assertThat(log.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    }

    @Test
    void aMemberThatFailsIsNoLongerPartlyReachable() {
        List<Memberlist> pair = pair();
        cluster.network().cutPackets((from, to) -> true);
        cluster.run(Duration.ofMinutes(1));
        assertThat(partly(pair.get(0))).containsExactly("b STREAMS_ONLY");
        cluster.crash(pair.get(1));
        cluster.run(Duration.ofMinutes(2));

        assertThat(partly(pair.get(0))).isEmpty();
        assertThat(pair.get(0).members()).hasSize(1);
    }

    @Test
    void aMemberThatMustNotBePingedOverStreamsIsNotChecked() {
        Memberlist a =
                cluster.start("a", recording().andThen(config -> config.probe(p -> p.disableStreamPings(true)))::apply);
        Memberlist b = cluster.start("b");
        cluster.await(b.join(addressOf(a)));
        cutStreams();
        cluster.run(Duration.ofMinutes(3));

        assertThat(events).isEmpty();
    }

    /** Pings over a stream may pass, as where large messages are lost, so the members are no less reachable. */
    @Test
    void pushPullsThatFailAgainAndAgainWithALiveMemberAreSaid() {
        pair();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return StreamFate.STALLS;
            }
        });
        cluster.run(Duration.ofMinutes(10));

        assertThat(log.list)
                .filteredOn(line -> line.getFormattedMessage().startsWith("a: Push/Pull with b failed"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.getLevel()).isEqualTo(Level.WARN);
                    assertThat(line.getFormattedMessage()).contains("2 times in a row");
                });
    }

    @Test
    void nothingIsCheckedAfterTheShutdown() {
        List<Memberlist> pair = pair();
        cutStreams();
        cluster.run(Duration.ofSeconds(90));
        cluster.await(pair.get(0).shutdown());

        assertThat(partly(pair.get(0))).isEmpty();
        cluster.run(Duration.ofMinutes(1));
        assertThat(events).containsExactly("b PACKETS_ONLY");
    }
}
