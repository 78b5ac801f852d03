package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Message.Ping;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Members that cannot reach each other's addresses, on a transport that knows where each name is. */
class RoutingByNameScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(11);
    private final Map<String, InetSocketAddress> whereabouts = new HashMap<>();
    private final List<InetSocketAddress> withoutName = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private int started;

    @Test
    void membersLiveTogetherThroughNamesAlone() {
        Memberlist a = start("a");
        Memberlist b = start("b");
        Memberlist c = start("c");
        cluster.await(b.join(seed(a)));
        cluster.await(c.join(seed(a)));
        cluster.runUntil("three see three", () -> allSee(List.of(a, b, c), 3));

        // For an hour, a and b reach each other only through c, so indirect probes must be routed by name as well.
        cluster.network().cut((from, to) -> betweenTheFirstTwo(from, to));
        cluster.run(Duration.ofHours(1));
        assertThat(stateOf(a, "b")).isEqualTo(MemberState.ALIVE);
        assertThat(stateOf(b, "a")).isEqualTo(MemberState.ALIVE);
        cluster.network().heal();

        Member target = a.member("b").orElseThrow();
        cluster.await(a.sendBestEffort(target, bytes("packet")));
        cluster.await(a.sendReliable(target, bytes("stream")));
        cluster.await(a.sendBestEffort(new Recipient(target.address(), "b"), bytes("named")));
        assertThat(cluster.await(a.ping("b", target.address()))).isPositive();
        cluster.run(Duration.ofSeconds(1));
        assertThat(messages).containsExactlyInAnyOrder("packet", "stream", "named");

        cluster.await(c.leave(Duration.ofSeconds(5)));
        cluster.runUntil(
                "c has left", () -> stateOf(a, "c") == MemberState.LEFT && stateOf(b, "c") == MemberState.LEFT);
        assertThat(withoutName).isEmpty();
    }

    @Test
    void aMemberThatWasAwayIsFoundAgainByItsName() {
        Memberlist a = start("a");
        Memberlist b = start("b");
        cluster.await(b.join(seed(a)));
        cluster.runUntil("both see both", () -> allSee(List.of(a, b), 2));

        cluster.network().cut((from, to) -> true);
        cluster.runUntil(
                "both are forgotten",
                () -> a.member("b").isEmpty() && b.member("a").isEmpty());
        cluster.network().heal();

        cluster.runUntil("both see both again", () -> allSee(List.of(a, b), 2));
        assertThat(withoutName).isEmpty();
    }

    @Test
    void whereNamesAreRequiredNothingIsSentToABareAddress() {
        Memberlist strict = cluster.start("strict", config -> config.network(n -> n.requireNodeNames(true)));
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");

        assertThatThrownBy(() -> cluster.await(strict.sendBestEffort(stranger.address(), bytes("lost"))))
                .hasMessageContaining("node names are required")
                .hasMessageContaining("10.9.9.9:7946");
        assertThatThrownBy(() -> cluster.await(strict.sendReliable(stranger.address(), bytes("lost"))))
                .hasMessageContaining("node names are required")
                .hasMessageContaining("10.9.9.9:7946");
        stranger.send(strict, new Ping(7, "strict", null));

        assertThat(stranger.heard).isEmpty();
    }

    private boolean betweenTheFirstTwo(InetSocketAddress from, InetSocketAddress to) {
        List<InetSocketAddress> both = List.of(whereabouts.get("a"), whereabouts.get("b"));
        return both.contains(from) && both.contains(to);
    }

    private Memberlist start(String name) {
        started++;
        String advertised = "192.0.2." + started;
        MessageDelegate listener = message -> messages.add(new String(message, StandardCharsets.UTF_8));
        return cluster.start(
                name,
                (MemberlistConfigBuilder config) -> config.transportFactory(router(name))
                        .network(n -> n.requireNodeNames(true)
                                .advertiseAddress(advertised)
                                .advertisePort(7946))
                        .delegates(d -> d.message(listener)));
    }

    private static String seed(Memberlist member) {
        return member.localMember().name() + "/" + VirtualCluster.addressOf(member);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private TransportFactory router(String name) {
        return bind -> cluster.network().open(bind).thenApply(inner -> {
            whereabouts.put(name, inner.boundAddress());
            return new Router(inner);
        });
    }

    /** Routes everything to the place of the name, whatever the address is. */
    private final class Router implements Transport {
        private final Transport inner;

        Router(Transport inner) {
            this.inner = inner;
        }

        private Recipient routed(Recipient to) {
            if (to.name() == null) {
                withoutName.add(to.address());
                return to;
            }
            return Recipient.at(whereabouts.getOrDefault(to.name(), to.address()));
        }

        @Override
        public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
            inner.sendPacket(routed(to), packet, completion);
        }

        @Override
        public void openStream(Recipient to, long timeoutNanos, StreamHandler handler) {
            inner.openStream(routed(to), timeoutNanos, handler);
        }

        @Override
        public EventLoop eventLoop() {
            return inner.eventLoop();
        }

        @Override
        public List<HostInterface> interfaces() {
            return inner.interfaces();
        }

        @Override
        public InetSocketAddress boundAddress() {
            return inner.boundAddress();
        }

        @Override
        public void start(TransportListener listener) {
            inner.start(listener);
        }

        @Override
        public CompletableFuture<List<InetAddress>> resolve(String host) {
            return inner.resolve(host);
        }

        @Override
        public CompletableFuture<List<InetSocketAddress>> lookUp(
                SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
            return inner.lookUp(seed, dnsConfigPath, timeoutNanos);
        }

        @Override
        public CompletableFuture<Void> close() {
            return inner.close();
        }
    }
}
