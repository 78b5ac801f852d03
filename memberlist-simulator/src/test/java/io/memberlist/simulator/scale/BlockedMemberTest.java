package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.member.MemberState;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The engine behind a blocked network, which behaves like the Go library in a blocked call. */
class BlockedMemberTest {
    private static final Duration SETTLE = Duration.ofSeconds(15);

    private final VirtualTime time = new VirtualTime();
    private final BlockableNetwork network = new BlockableNetwork(new VirtualNetwork(time, 5), Anomaly.io);
    private final List<Memberlist> members = new ArrayList<>();

    private Memberlist blocked(int size) {
        Output.silenceTheEngine();
        for (int i = 0; i < size; i++) {
            String address = "10.0.0." + (i + 1);
            CompletableFuture<Memberlist> start = SimulatorAccess.createAsync(
                    Variant.SWIM
                            .settings()
                            .nodeName("node-" + i)
                            .network(network -> network.bindAddress(address))
                            .transportFactory(network)
                            .build(),
                    Variant.SWIM.switches);
            time.runUntil("a member starts", SETTLE, start::isDone);
            members.add(start.join());
        }
        SimulatorAccess.preload(members);
        time.run(SETTLE);
        return members.get(0);
    }

    private IoGate gate(Memberlist member) {
        return network.gate(member.localMember().address());
    }

    private static long suspected(Memberlist member) {
        return member.members().stream()
                .filter(other -> other.state() != MemberState.ALIVE)
                .count();
    }

    @Test
    void oneProbeWaitsAndOneSuspicionComesOfIt() {
        Memberlist member = blocked(12);
        long probes = member.statistics().probes();

        gate(member).shut();
        time.run(Duration.ofMillis(4_500));
        assertThat(member.statistics().probes() - probes).isLessThanOrEqualTo(1);
        assertThat(suspected(member)).isZero();

        gate(member).open();
        time.run(Duration.ofMillis(1));
        assertThat(member.statistics().suspectMessages()).isEqualTo(1);
    }

    @Test
    void gossipWaitsForItsLastRound() {
        Memberlist member = blocked(12);
        long sent = member.statistics().packetsSent();
        gate(member).shut();
        member.updateMeta(new byte[] {1}, Duration.ZERO);
        time.run(Duration.ofSeconds(4));

        // A ping, or the three questions after one, and the three packets of one round, where twenty rounds came due.
        assertThat(member.statistics().packetsSent() - sent).isBetween(1L, 6L);
    }

    @Test
    void aSuspicionThatBeganBeforeRunsOutMeanwhile() {
        Memberlist member = blocked(12);
        // Blocked twice: the suspicion is raised on waking, and its refutation is not read.
        gate(member).shut();
        time.run(Duration.ofSeconds(4));
        gate(member).open();
        time.run(Duration.ofMillis(1));
        gate(member).shut();
        time.run(Duration.ofSeconds(12));

        assertThat(member.statistics().deadMessages()).isEqualTo(1);
        assertThat(member.members()).hasSize(11);
    }
}
