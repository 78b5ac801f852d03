package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockableNetworkTest {
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork inner = new VirtualNetwork(time, 1);

    private final List<String> heard = new ArrayList<>();

    private Transport open(BlockableNetwork network, String host) {
        Transport transport = network.open(new InetSocketAddress(host, 7946)).join();
        transport.start(new TransportListener() {
            @Override
            public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
                heard.add(host + " hears " + packet[0]);
            }

            @Override
            public StreamHandler streamAccepted(InetSocketAddress from) {
                throw new AssertionError("nobody opens a stream here");
            }
        });
        return transport;
    }

    private static void send(Transport from, Transport to, int content) {
        from.sendPacket(Recipient.at(to.boundAddress()), new byte[] {(byte) content}, Completion.IGNORED);
    }

    @Test
    void whoIsBlockedNeitherSendsNorHearsAndCatchesUp() {
        inner.delay(Duration.ofMillis(1), Duration.ofMillis(1));
        BlockableNetwork network = new BlockableNetwork(inner, Anomaly.io);
        Transport blocked = open(network, "10.0.0.1");
        Transport other = open(network, "10.0.0.2");
        IoGate gate = network.gate(blocked.boundAddress());

        gate.shut();
        send(blocked, other, 1);
        send(blocked, other, 2);
        send(other, blocked, 3);
        time.run(Duration.ofSeconds(10));
        assertThat(heard).isEmpty();
        assertThat(gate.waiting()).isEqualTo(3);

        gate.open();
        time.run(Duration.ofSeconds(1));
        assertThat(heard).containsExactly("10.0.0.1 hears 3", "10.0.0.2 hears 1", "10.0.0.2 hears 2");
    }

    @Test
    void whatWaitsToBeReadIsGoneWithTheSocket() {
        BlockableNetwork network = new BlockableNetwork(inner, Anomaly.io);
        Transport closing = open(network, "10.0.0.1");
        Transport other = open(network, "10.0.0.2");

        network.gate(closing.boundAddress()).shut();
        for (int i = 0; i < 3; i++) {
            send(other, closing, i);
        }
        time.run(Duration.ofSeconds(1));
        network.gate(closing.boundAddress()).open();
        assertThat(network.gate(closing.boundAddress()).waiting()).isPositive();
        closing.close();
        heard.clear();
        time.run(Duration.ofSeconds(1));

        assertThat(heard).isEmpty();
    }

    @Test
    void timersRunWhereOnlyInputAndOutputStandStill() {
        BlockableNetwork network = new BlockableNetwork(inner, Anomaly.io);
        Transport blocked = open(network, "10.0.0.1");

        network.gate(blocked.boundAddress()).shut();
        blocked.eventLoop().schedule(1, () -> heard.add("timer"));
        time.run(Duration.ofSeconds(1));

        assertThat(heard).containsExactly("timer");
    }

    @Test
    void timersWaitWhereTheWholeProcessStandsStillAndMayStillBeCancelled() {
        BlockableNetwork network = new BlockableNetwork(inner, Anomaly.process);
        Transport blocked = open(network, "10.0.0.1");
        IoGate gate = network.gate(blocked.boundAddress());

        gate.shut();
        var timer = blocked.eventLoop().schedule(2, () -> heard.add("cancelled"));
        blocked.eventLoop().schedule(1, () -> {
            heard.add("timer");
            timer.cancel();
        });
        time.run(Duration.ofSeconds(1));
        assertThat(heard).isEmpty();

        gate.open();
        assertThat(heard).containsExactly("timer");
    }
}
