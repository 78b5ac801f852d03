package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.Keyring;
import io.memberlist.delegate.Delegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.metrics.Measurement;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Causes;
import io.memberlist.transport.PortInUseException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member that was shut down is started again, and is the same object. */
class RestartScenarioTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster(5);
    private final Memberlist other = cluster.start("other");

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void comesBackAsItself() {
        Keyring keyring = Keyring.of(new byte[16]);
        Memberlist first = cluster.start("first", config -> config.encryption(e -> e.keyring(keyring)));
        Memberlist member =
                cluster.start("a", config -> config.network(n -> n.bindPort(0)).encryption(e -> e.keyring(keyring)));
        cluster.await(member.join(VirtualCluster.addressOf(first)));
        cluster.await(member.updateMeta(bytes("set while it ran"), TIMEOUT));
        keyring.add(new byte[32]);
        InetSocketAddress address = member.localMember().address();
        stop(member);
        cluster.runUntil("it has left", () -> VirtualCluster.stateOf(first, "a") == MemberState.LEFT);

        cluster.await(member.restart());

        assertThat(member.isRunning()).isTrue();
        assertThat(member.hasLeft()).isFalse();
        assertThat(member.numMembers()).as("it has yet to join").isEqualTo(1);
        assertThat(member.localMember().address()).isEqualTo(address);
        assertThat(member.config().network().bindPort()).isZero();
        assertThat(member.config().encryption().keyring()).isSameAs(keyring);
        cluster.await(member.join(VirtualCluster.addressOf(first)));
        cluster.runUntil("it is back", () -> VirtualCluster.stateOf(first, "a") == MemberState.ALIVE);
        assertThat(first.member("a").orElseThrow().meta()).asString().isEqualTo("set while it ran");
        assertThat(first.member("a").orElseThrow().address()).isEqualTo(address);
    }

    @Test
    void carriesListenersAndStatisticsOver() {
        Memberlist member = cluster.start("a");
        List<JoinResult> joins = new ArrayList<>();
        Set<Measurement> measured = EnumSet.noneOf(Measurement.class);
        member.addJoinListener(result -> {
            throw new IllegalStateException("the next one is told all the same");
        });
        member.addJoinListener(joins::add);
        member.addMeasurementListener((what, value) -> measured.add(what));
        join(member);
        assertThat(joins).hasSize(1);
        stop(member);
        long sent = member.statistics().packetsSent();
        measured.clear();

        cluster.await(member.restart());
        join(member);
        cluster.run(TIMEOUT);

        assertThat(joins).hasSize(2);
        assertThat(measured).contains(Measurement.PROBE_ROUND_TRIP, Measurement.STATE_SENT);
        assertThat(member.statistics().packetsSent()).isGreaterThan(sent);
    }

    @Test
    void tellsOfNoJoinThatFoundNobodyElse() {
        Memberlist member = cluster.start("a");
        List<JoinResult> joins = new ArrayList<>();
        member.addJoinListener(joins::add);

        cluster.await(member.join(VirtualCluster.addressOf(member)));

        assertThat(joins).isEmpty();
    }

    @Test
    void answersWhatWasKnownLastWhileItIsDown() {
        Memberlist member = cluster.start("a");
        join(member);
        stop(member);

        assertThat(member.isRunning()).isFalse();
        assertThat(member.hasLeft()).isTrue();
        assertThat(member.member("other")).isPresent();
        assertThat(member.localMember().name()).isEqualTo("a");
        assertThat(member.join(VirtualCluster.addressOf(other)))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("restart it");
    }

    @Test
    void aPortThatIsTakenMeanwhileFailsAndAnotherOneCanBeAskedFor() {
        Memberlist member = cluster.start("a", config -> config.network(n -> n.bindPort(0)));
        InetSocketAddress address = member.localMember().address();
        stop(member);
        cluster.start(
                "thief",
                config -> config.network(n ->
                        n.bindAddress(address.getAddress().getHostAddress()).bindPort(address.getPort())));

        assertThatThrownBy(() -> cluster.await(member.restart()))
                .satisfies(failure -> assertThat(Causes.find(failure, PortInUseException.class))
                        .isNotNull())
                .hasCauseInstanceOf(MemberlistException.class);
        assertThat(member.isRunning()).isFalse();
        assertThat(member.localMember().address()).isEqualTo(address);

        cluster.await(member.restart(config -> config.nodeName("b")));

        assertThat(member.isRunning()).isTrue();
        assertThat(member.config().nodeName()).isEqualTo("b");
        assertThat(member.localMember().name()).isEqualTo("b");
        assertThat(member.localMember().address().getPort()).isNotEqualTo(address.getPort());
    }

    @Test
    void asksTheDelegateForTheMetadataAgain() {
        List<String> metadata = new ArrayList<>(List.of("first", "second"));
        Memberlist member =
                cluster.start("a", config -> config.delegates(d -> d.delegate(new ChangingMetadata(metadata))));
        stop(member);

        cluster.await(member.restart());

        assertThat(member.localMember().meta()).asString().isEqualTo("second");
    }

    @Test
    void refusesWhileItRuns() {
        Memberlist member = cluster.start("a");

        assertThat(member.restart())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("shut it down first");
        assertThat(member.isRunning()).isTrue();
    }

    @Test
    void aShutdownDuringARestartHasTheLastWord() {
        Memberlist member = cluster.start("a");
        stop(member);

        CompletableFuture<Void> restarted = member.restart();
        CompletableFuture<Void> again = member.restart();
        CompletableFuture<Void> stopped = member.shutdown();
        cluster.await(stopped);

        assertThat(restarted).isCompleted();
        assertThat(again).isCompletedExceptionally();
        assertThat(member.isRunning()).isFalse();
    }

    private void join(Memberlist member) {
        cluster.await(member.join(VirtualCluster.addressOf(other)));
        cluster.runUntil("both know each other", () -> VirtualCluster.allSee(List.of(member, other), 2));
    }

    private void stop(Memberlist member) {
        cluster.await(member.leave(TIMEOUT));
        cluster.await(member.shutdown());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Has other metadata each time it is asked. */
    private record ChangingMetadata(List<String> metadata) implements Delegate {
        @Override
        public byte[] nodeMeta(int limit) {
            return bytes(metadata.remove(0));
        }

        @Override
        public List<byte[]> broadcasts(int overhead, int limit) {
            return List.of();
        }

        @Override
        public void messageReceived(byte[] message) {}

        @Override
        public byte[] localState(boolean join) {
            return new byte[0];
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {}
    }
}
