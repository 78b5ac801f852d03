package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.JoinException;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Settings whose effect is visible only in a running member. */
class SettingsScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(41);
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

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void whereNamesAreRequiredSeedsWithoutOneAreRefused() {
        Memberlist a = cluster.start("a");
        Memberlist strict = cluster.start("strict", config -> config.network(n -> n.requireNodeNames(true)));

        assertThatThrownBy(() -> cluster.await(strict.join(addressOf(a))))
                .cause()
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("node names are required");
        assertThat(cluster.await(strict.join("a/" + addressOf(a))).count()).isEqualTo(1);
    }

    @Test
    void othersAreToldTheAdvertisedAddressAndPort() {
        Memberlist a = cluster.start(
                "a",
                config -> config.network(n -> n.advertiseAddress("203.0.113.7").advertisePort(1234)));

        assertThat(a.localMember().address()).isEqualTo(new InetSocketAddress("203.0.113.7", 1234));
    }

    @Test
    void whereTheAddressCannotBeAdvertisedThePortIsFreeAgain() {
        assertThatThrownBy(() -> cluster.start(
                        "a",
                        config -> config.network(n -> n.bindAddress("10.1.0.1").advertiseInterface("eth7"))))
                .hasStackTraceContaining("network.advertiseInterface eth7 does not have the address 10.1.0.1");

        assertThat(cluster.start("a", config -> config.network(n -> n.bindAddress("10.1.0.1"))))
                .isNotNull();
    }

    @Test
    void theAdvertisedAddressMayBeAHostName() throws Exception {
        cluster.network().host("a.example", java.net.InetAddress.getByName("10.0.0.77"));
        Memberlist a = cluster.start("a", config -> config.network(n -> n.advertiseAddress("a.example")));

        assertThat(a.localMember().address()).isEqualTo(new InetSocketAddress("10.0.0.77", 7946));
    }

    @Test
    void aPublicAddressWithoutEncryptionIsWarnedOf() {
        cluster.start("plain", config -> config.network(n -> n.bindAddress("8.8.8.8")));
        assertThat(warnings()).anyMatch(line -> line.contains("Binding to public address without encryption"));

        log.list.clear();
        cluster.start(
                "encrypted",
                config -> config.network(n -> n.bindAddress("8.8.4.4")).encryption(e -> e.secretKey(new byte[16])));
        cluster.start("private", config -> config.network(n -> n.bindAddress("192.168.3.4")));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aQueueThatGrowsTooLongIsWarnedOf() {
        Memberlist alone =
                cluster.start("alone", config -> config.gossip(g -> g.queueCheckInterval(Duration.ofSeconds(5))));
        for (int i = 0; i < 200; i++) {
            alone.gossip(new byte[] {(byte) i});
        }
        cluster.run(Duration.ofSeconds(11));

        assertThat(alone.statistics().queuedBroadcasts()).isGreaterThanOrEqualTo(200);
        assertThat(warnings()).anyMatch(line -> line.contains("broadcast queue depth: 20"));
    }

    @Test
    void aStateDelegateThatNeverAnswersHoldsUpNoExchange() {
        List<Runnable> stuck = new ArrayList<>();
        Memberlist slow = cluster.start(
                "slow",
                config -> config.callbackExecutor(stuck::add)
                        .network(n -> n.tcpTimeout(Duration.ofSeconds(4)))
                        .limits(l -> l.pushPullsServed(2))
                        .delegates(d -> d.state(new StateDelegate() {
                            @Override
                            public byte[] localState(boolean join) {
                                return new byte[] {1};
                            }

                            @Override
                            public void mergeRemoteState(byte[] state, boolean join) {}
                        })));
        List<Memberlist> all = new ArrayList<>(List.of(slow));
        for (int i = 0; i < 6; i++) {
            Memberlist other = cluster.start("other-" + i);
            assertThat(cluster.await(other.join(addressOf(slow))).count()).isEqualTo(1);
            all.add(other);
        }
        cluster.runUntil("everybody sees everybody", () -> allSee(all, 7));

        assertThat(slow.statistics().drops()).doesNotContainKey("too_many_push_pulls");
    }

    @Test
    void withoutGossipAndPushPullNothingIsSentButProbes() {
        Memberlist quiet = cluster.start(
                "quiet",
                config -> config.gossip(g -> g.interval(Duration.ZERO))
                        .stateSync(s -> s.interval(Duration.ZERO).reconnectInterval(Duration.ZERO)));
        cluster.run(Duration.ofHours(1));

        assertThat(quiet.statistics().packetsSent()).isZero();
        assertThat(quiet.statistics().streamsOpened()).isZero();
        assertThat(quiet.protocolVersion()).isEqualTo(2);
    }

    @Test
    void aStoppedMemberLeavesNothingRunning() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist stopped = all.remove(2);
        cluster.await(stopped.shutdown());
        cluster.await(stopped.shutdown());
        long sent = stopped.statistics().packetsSent();
        cluster.run(Duration.ofMinutes(5));

        assertThat(stopped.statistics().packetsSent()).isEqualTo(sent);
        assertThat(all.get(0).numMembers()).isEqualTo(2);
    }
}
