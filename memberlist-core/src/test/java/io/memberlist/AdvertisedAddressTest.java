package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.HostAddress;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvertisedAddressTest {
    private static final String EVERY_V4 = "0.0.0.0";
    private static final String EVERY_V6 = "::";

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8 10.0.0.7, 10.0.0.7",
        "8.8.8.8 172.16.3.4, 172.16.3.4",
        "8.8.8.8 192.168.1.9, 192.168.1.9",
        "10.0.0.7 10.0.0.8, 10.0.0.7",
        "172.32.0.1 8.8.8.8, 172.32.0.1",
        "127.0.0.1 169.254.1.1 8.8.8.8, 8.8.8.8",
        "2001:db8::1 fd00::1 8.8.8.8, 8.8.8.8"
    })
    void prefersAPrivateAddress(String candidates, String expected) {
        assertThat(choose(candidates, EVERY_V4)).isEqualTo(ip(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "fd00::1 10.0.0.7, 10.0.0.7",
        "fd00::1 8.8.8.8, fd00::1",
        "2001:db8::1 8.8.8.8, 8.8.8.8",
        "2001:db8::1 fd00::1, fd00::1",
        "fe80::1 2001:db8::1, 2001:db8::1",
        "::1 fc00::1, fc00::1"
    })
    void takesIPv4FirstWhereBothAreBound(String candidates, String expected) {
        assertThat(choose(candidates, EVERY_V6)).isEqualTo(ip(expected));
    }

    @ParameterizedTest
    @CsvSource({"''", "127.0.0.1", "169.254.1.1", "127.0.0.1 fe80::1 ::1", "fd00::1"})
    void fallsBackToTheLoopbackAddress(String candidates) {
        assertThat(choose(candidates, EVERY_V4)).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(chosen(candidates, EVERY_V4).origin()).isEqualTo(AdvertisedAddress.Origin.PROVISIONAL);
    }

    @Test
    void theBoundAddressIsAdvertisedWhereItIsOne() {
        assertThat(find(config(), "10.0.0.7")).isEqualTo(new InetSocketAddress("10.0.0.7", 4000));
        assertThat(find(config().network(n -> n.advertisePort(5000)), "10.0.0.7"))
                .isEqualTo(new InetSocketAddress("10.0.0.7", 5000));
    }

    @ParameterizedTest
    @CsvSource({EVERY_V4, EVERY_V6})
    void aWildcardIsNeverAdvertised(String bound) {
        InetSocketAddress found = find(config(), bound);

        assertThat(found.getAddress().isAnyLocalAddress()).isFalse();
        assertThat(found.getAddress().isLinkLocalAddress()).isFalse();
        assertThat(found.getPort()).isEqualTo(4000);
    }

    @Test
    void whatIsConfiguredIsResolvedToTheFamilyThatIsBound() {
        MemberlistConfigBuilder config = config().network(n -> n.advertiseAddress("db"));

        assertThat(find(config, "10.0.0.7", "fd00::5", "10.0.0.5")).isEqualTo(new InetSocketAddress("10.0.0.5", 4000));
        assertThat(find(config, "fd00::7", "10.0.0.5", "fd00::5")).isEqualTo(new InetSocketAddress("fd00::5", 4000));
        assertThat(find(config, "10.0.0.7", "fd00::5")).isEqualTo(new InetSocketAddress("fd00::5", 4000));
        assertThat(find(config.network(n -> n.advertisePort(80)), EVERY_V4, "10.0.0.5"))
                .isEqualTo(new InetSocketAddress("10.0.0.5", 80));
    }

    @ParameterizedTest
    @CsvSource({EVERY_V4, EVERY_V6})
    void aConfiguredWildcardIsRefused(String wildcard) {
        assertThatThrownBy(() -> find(config().network(n -> n.advertiseAddress(wildcard)), "10.0.0.7", wildcard))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(MemberlistException.class)
                .hasMessage("network.advertiseAddress " + wildcard
                        + " is not one machine's address; others need one they can reach: name it, or leave it out");
    }

    @Test
    void anAddressThatIsNamedMustNotContradictTheChoice() {
        MemberlistConfigBuilder named = config().network(n -> n.advertiseAddress("db"));

        assertThat(find(named.network(n -> n.advertiseNetwork(Cidr.parse("10.0.0.0/8"))), EVERY_V4, "10.0.0.5"))
                .isEqualTo(new InetSocketAddress("10.0.0.5", 4000));
        assertThatThrownBy(() ->
                        find(named.network(n -> n.advertiseNetwork(Cidr.parse("fd00::/8"))), EVERY_V4, "10.0.0.5"))
                .cause()
                .hasMessage("network.advertiseNetwork fd00:0:0:0:0:0:0:0/8 does not have the address 10.0.0.5 of"
                        + " network.advertiseAddress: leave out one of them");
        assertThatThrownBy(() -> find(config().network(n -> n.advertiseInterface("eth7")), "10.0.0.7"))
                .cause()
                .hasMessage("network.advertiseInterface eth7 does not have the address 10.0.0.7 of network.bindAddress:"
                        + " leave out one of them");
    }

    private static MemberlistConfigBuilder config() {
        return MemberlistConfig.lan().nodeName("a");
    }

    private static InetSocketAddress find(MemberlistConfigBuilder config, String bound, String... resolved) {
        List<InetAddress> answer =
                Arrays.stream(resolved).map(AdvertisedAddressTest::ip).toList();
        return AdvertisedAddress.find(config.build(), new BoundTransport(new InetSocketAddress(bound, 4000), answer))
                .join()
                .address();
    }

    private static InetAddress choose(String candidates, String bound) {
        return chosen(candidates, bound).ip();
    }

    private static AdvertisedAddress chosen(String candidates, String bound) {
        List<HostAddress> addresses = Arrays.stream(candidates.split(" "))
                .filter(candidate -> !candidate.isEmpty())
                .map(candidate -> new HostAddress(ip(candidate), 8, false, true))
                .toList();
        HostInterface only = new HostInterface("eth0", 2, HostInterface.Kind.NETWORK, true, addresses);
        return AdvertisedAddress.choose(config().build(), List.of(only), new InetSocketAddress(bound, 4000));
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A transport that is bound and resolves names, and does nothing else. */
    private record BoundTransport(InetSocketAddress boundAddress, List<InetAddress> answer) implements Transport {
        @Override
        public CompletableFuture<List<InetAddress>> resolve(String host) {
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletableFuture<List<InetSocketAddress>> lookUp(
                SeedLookup seed, String dnsConfigPath, long timeoutNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EventLoop eventLoop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(TransportListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendPacket(Recipient to, byte[] packet, Completion<Void> completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void openStream(Recipient to, long timeoutNanos, StreamHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
