package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Message.Dead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Which members may join, from which addresses, and again after leaving. */
class JoinScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(31);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void membersFromOutsideTheAllowedNetworksAreNotLetIn() {
        Memberlist strict = cluster.start("strict", config -> config.network(n -> n.allowedNetworks("10.0.0.0/24")));
        Memberlist inside = cluster.start("inside");
        Memberlist outside = cluster.start("outside", config -> config.network(n -> n.bindAddress("10.8.0.1")));
        cluster.await(inside.join(addressOf(strict)));
        CompletableFuture<JoinResult> refused = outside.join(addressOf(strict));
        cluster.run(Duration.ofSeconds(10));

        assertThat(strict.member("inside")).isPresent();
        assertThat(strict.member("outside")).isEmpty();
        assertThat(refused).isCompletedExceptionally();
        assertThat(outside.numMembers()).isEqualTo(1);
        assertThat(strict.statistics().drops()).containsKey("not_allowed");
    }

    @Test
    void severalNetworksMayBeAllowedAndNewsOfOutsidersFromInsidersCountsAsLittle() {
        Memberlist strict =
                cluster.start("strict", config -> config.network(n -> n.allowedNetworks("10.0.0.0/24", "10.8.0.0/24")));
        Memberlist first = cluster.start("first", config -> config.network(n -> n.bindAddress("10.8.0.1")));
        Memberlist outside = cluster.start("outside", config -> config.network(n -> n.bindAddress("10.9.0.1")));
        cluster.await(first.join(addressOf(strict)));
        cluster.await(outside.join(addressOf(first)));
        cluster.run(Duration.ofSeconds(60));

        assertThat(first.member("outside")).isPresent();
        assertThat(strict.member("first")).isPresent();
        assertThat(strict.member("outside")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', is empty, 10.0.0.2/24", "192.168.0.0/16, 192.168.0.0/16, 10.0.0.2", "10.0.0.0/8, '', ''"})
    void networksThatLeaveOutTheMemberItselfAreWarnedOf(String networks, String setting, String remedy) {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
        lines.start();
        logger.addAppender(lines);
        try {
            cluster.start(
                    "m",
                    config -> config.network(n -> n.bindAddress("10.0.0.2")
                            .allowedNetworks(networks.isEmpty() ? new String[0] : new String[] {networks})));
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.startsWith("m: network.allowedNetworks"))
                .hasSize(setting.isEmpty() ? 0 : 1)
                .allMatch(line -> line.contains(setting) && line.contains(remedy));
    }

    @Test
    void anEmptyListAllowsNobodyElse() {
        Memberlist closed = cluster.start("closed", config -> config.network(n -> n.allowedNetworks(new String[0])));
        Memberlist other = cluster.start("other");
        CompletableFuture<JoinResult> refused = other.join(addressOf(closed));
        cluster.run(Duration.ofSeconds(5));

        assertThat(refused).isCompletedExceptionally();
        assertThat(closed.member("other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "2, 5", "5, 2", "1, 5", "3, 4"})
    void membersThatSpeakDifferentProtocolVersionsJoinEachOther(int mine, int theirs) {
        Memberlist a = cluster.start("a", config -> config.protocol(p -> p.version(mine)));
        Memberlist b = cluster.start("b", config -> config.protocol(p -> p.version(theirs)));
        cluster.await(b.join(addressOf(a)));
        cluster.runUntil("each sees the other", () -> allSee(List.of(a, b), 2));

        assertThat(a.protocolVersion()).isEqualTo(mine);
        assertThat(a.member("b").orElseThrow().versions().protocolCurrent()).isEqualTo(theirs);
    }

    @Test
    void ipv6WorksFromTheSeedToTheMessage() {
        List<byte[]> received = new ArrayList<>();
        Memberlist a = cluster.start(
                "a", config -> config.network(n -> n.bindAddress("fd00::1")).delegates(d -> d.message(received::add)));
        Memberlist b = cluster.start("b", config -> config.network(n -> n.bindAddress("fd00::2")));
        assertThat(cluster.await(b.join("[fd00::1]:7946")).count()).isEqualTo(1);
        cluster.runUntil("each sees the other", () -> allSee(List.of(a, b), 2));
        cluster.await(b.sendReliable(b.member("a").orElseThrow(), new byte[] {1}));
        cluster.await(b.sendBestEffort(b.member("a").orElseThrow(), new byte[] {2}));
        cluster.run(Duration.ofMinutes(1));

        assertThat(received).hasSize(2);
        assertThat(allSee(List.of(a, b), 2)).isTrue();
    }

    @Test
    void aSeedThatIsDeadCostsNoMoreThanTheTimeout() {
        Memberlist joiner = cluster.start("joiner", config -> config.network(n -> n.tcpTimeout(Duration.ofMillis(50))));
        Memberlist live = cluster.start("live");
        Memberlist dead = cluster.start("dead");
        cluster.network().cut((from, to) -> to.equals(dead.localMember().address()));

        JoinResult result = cluster.await(joiner.join(addressOf(dead), addressOf(live)));

        assertThat(result.reached()).containsExactly(addressOf(live));
        assertThat(result.failures()).containsOnlyKeys(addressOf(dead));
    }

    @Test
    void manySeedsThatDoNotAnswerTakeTheTimeOfAFew() {
        Memberlist live = cluster.start("live");
        Memberlist joiner = cluster.start("joiner", config -> config.limits(l -> l.joinConcurrency(8)));
        cluster.network().cut((from, to) -> to.getAddress().getAddress()[1] == 99);
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            seeds.add("10.99.0." + (i + 1));
        }
        seeds.add(addressOf(live));
        CompletableFuture<JoinResult> join = joiner.join(seeds);

        Duration took = cluster.runUntil("the join ends", join::isDone);
        // Two groups of eight that wait ten seconds; the Go library would wait for each in turn.
        assertThat(took).isLessThan(Duration.ofSeconds(21));
        assertThat(join.join().reached()).containsExactly(addressOf(live));
    }

    @Test
    void aMemberThatLeftMayComeBackAtAnotherAddress() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist moving = all.remove(2);
        cluster.await(moving.leave(Duration.ofSeconds(5)));
        cluster.await(moving.shutdown());
        Memberlist moved = cluster.start("node-2", config -> config.network(n -> n.bindAddress("10.5.5.5")));
        cluster.await(moved.join(addressOf(all.get(0))));
        cluster.runUntil(
                "everybody knows the new address",
                () -> all.stream()
                        .allMatch(
                                member -> member.member("node-2").orElseThrow().state() == MemberState.ALIVE
                                        && member.member("node-2")
                                                .orElseThrow()
                                                .address()
                                                .equals(moved.localMember().address())));
        assertThat(stateOf(moved, "node-0")).isEqualTo(MemberState.ALIVE);
    }

    @Test
    void aMemberThatFailedIsReplacedAtItsOldNameOnceItIsForgotten() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        cluster.crash(all.remove(2));
        Memberlist replacement = cluster.start("node-2", config -> config.network(n -> n.bindAddress("10.5.5.5")));
        cluster.run(Duration.ofMinutes(2));
        cluster.await(replacement.join(addressOf(all.get(0))));

        cluster.runUntil("everybody sees everybody", () -> allSee(all, 3));
        assertThat(all)
                .allSatisfy(member -> assertThat(
                                member.member("node-2").orElseThrow().address())
                        .isEqualTo(replacement.localMember().address()));
    }

    @Test
    void aStateThatIsStillBeingDecodedWhenTheMemberIsShutDownIsNotMerged() {
        // Large enough to be decoded off the loop, even when compressed.
        byte[] large = new byte[10_000];
        new Random(1).nextBytes(large);
        Memberlist seed = cluster.start(
                "seed",
                config -> config.delegates(d -> d.state(new StateDelegate() {
                    @Override
                    public byte[] localState(boolean join) {
                        return large;
                    }

                    @Override
                    public void mergeRemoteState(byte[] state, boolean join) {}
                })));
        ScriptedPeer silent = new ScriptedPeer(cluster, "10.1.0.1");
        // The seed knows it as dead; a member that learns that from a push/pull suspects it first, and a timer starts.
        silent.send(seed, silent.alive("silent", 1, 1, 5, 2, 0, 0, 0), new Dead(1, "silent", "seed"));
        List<String> events = new ArrayList<>();
        Memberlist joiner =
                cluster.start("joiner", config -> config.delegates(d -> d.event(EventRecorder.into(events))));
        silent.send(joiner, silent.alive("silent", 1, 1, 5, 2, 0, 0, 0));
        CompletableFuture<JoinResult> join = joiner.join(addressOf(seed));
        cluster.runUntil("the answer is there", () -> joiner.statistics().streamBytesReceived() > large.length);
        assertThat(joiner.member("seed")).as("before its state is decoded").isEmpty();
        events.clear();

        cluster.await(joiner.shutdown());
        cluster.run(Duration.ofMinutes(1));

        assertThat(joiner.member("seed")).isEmpty();
        assertThat(stateOf(joiner, "silent")).isEqualTo(MemberState.ALIVE);
        assertThat(events).isEmpty();
        assertThat(join).isCompletedExceptionally();
    }

    @Test
    void aMemberThatFindsItselfBehindASeedDoesNotMergeItsOwnState() {
        List<String> merged = new ArrayList<>();
        UnaryOperator<MemberlistConfigBuilder> withState = config -> config.delegates(d -> d.state(new StateDelegate() {
            @Override
            public byte[] localState(boolean join) {
                return new byte[] {1};
            }

            @Override
            public void mergeRemoteState(byte[] state, boolean join) {
                merged.add("merged");
            }
        }));
        Memberlist alone = cluster.start("alone", withState);
        alone.join(List.of("10.0.0.1:7946", "10.0.0.2:7946"));
        cluster.run(Duration.ofMinutes(5));
        assertThat(merged).isEmpty();

        Memberlist other = cluster.start("other", withState);
        cluster.await(other.join(addressOf(alone)));
        cluster.run(Duration.ofSeconds(1));
        assertThat(merged).isNotEmpty();
    }

    @Test
    void aFailedStartLeavesNothingOpen() {
        VirtualTime time = new VirtualTime();
        VirtualNetwork network = new VirtualNetwork(time, 1);
        List<Transport> opened = new ArrayList<>();
        TransportFactory watched = bind -> network.open(bind).thenApply(transport -> {
            opened.add(transport);
            return transport;
        });
        CompletableFuture<Memberlist> failed = Memberlist.createAsync(io.memberlist.config.MemberlistConfig.lan()
                .nodeName("a")
                .network(n -> n.bindAddress("10.0.0.1").advertiseAddress("nowhere.example"))
                .transportFactory(watched)
                .build());
        time.run(Duration.ofSeconds(1));

        assertThat(failed).isCompletedExceptionally();
        assertThat(opened).hasSize(1);
        // The address is free again.
        assertThat(network.open(new java.net.InetSocketAddress("10.0.0.1", 7946)))
                .isCompleted();
        assertThatThrownBy(failed::join).hasMessageContaining("nowhere.example");
    }
}
