package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Backends#all")
class PacketsTest {
    private final TestTransports network;

    PacketsTest(IoBackend io) {
        network = new TestTransports(io);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void travelBothWaysWithTheSendersAddressAndATime() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        long before = System.nanoTime();

        assertThat(get(a.send(b.address(), bytes(1400)))).isNull();
        RecordingListener.Packet there = b.nextPacket();
        assertThat(there.bytes()).isEqualTo(bytes(1400));
        assertThat(there.from()).isEqualTo(a.address());
        assertThat(there.from().getClass()).isEqualTo(InetSocketAddress.class);
        assertThat(there.receivedNanos() - before).isPositive();

        b.send(there.from(), new byte[] {7});
        assertThat(a.nextPacket().bytes()).containsExactly(7);
    }

    @Test
    void of60KilobytesArriveWhole() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        byte[] large = bytes(60 * 1024);

        assertThat(get(a.send(b.address(), large))).isNull();

        assertThat(b.nextPacket().bytes()).isEqualTo(large);
    }

    @Test
    void ofNoBytesArriveAsEmptyArraysAndHideNoOthers() throws Exception {
        RecordingListener a = network.started();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int size : new int[] {0, 0, 3, 0, 5}) {
                socket.send(new DatagramPacket(new byte[size], size, a.address()));
            }
        }
        for (int size : new int[] {0, 0, 3, 0, 5}) {
            assertThat(a.nextPacket().bytes()).hasSize(size);
        }
    }

    @Test
    void ofOneTurnLeaveTogetherAndInOrder() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        a.transport.eventLoop().execute(() -> {
            for (int i = 0; i < 50; i++) {
                a.transport.sendPacket(Recipient.at(b.address()), new byte[] {(byte) i}, (nothing, failure) -> {});
            }
        });
        for (int i = 0; i < 50; i++) {
            assertThat(b.nextPacket().bytes()).containsExactly(i);
        }
    }

    @Test
    void thatCannotBeSentFailWithTheTargetsName() throws Exception {
        RecordingListener a = network.started();
        RecordingListener b = network.started();

        assertThat(get(a.send(InetSocketAddress.createUnresolved("nowhere.invalid", 7946), bytes(1))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("nowhere.invalid")
                .hasMessageContaining("not resolved");
        assertThat(get(a.send(b.address(), bytes(65_535))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("65535 bytes to 127.0.0.1:" + b.address().getPort())
                .hasMessageContaining("too long");
        assertThat(get(a.send(b.address(), new byte[0]))).hasMessageContaining("empty");
        assertThat(get(a.send(new InetSocketAddress(InetAddress.getByName("::1"), 7946), bytes(1))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("[::1]:7946")
                .hasMessageContaining("another address family");
        assertThat(get(a.send(new InetSocketAddress("127.0.0.1", 0), bytes(1)))).hasMessageContaining("port 0");

        assertThat(get(a.send(b.address(), bytes(2)))).isNull();
        assertThat(b.nextPacket().bytes()).hasSize(2);
    }

    @Test
    void oneBadPacketDoesNotTakeItsNeighboursAlong() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        a.transport.eventLoop().execute(() -> {
            a.transport.sendPacket(Recipient.at(b.address()), new byte[] {1}, (nothing, failure) -> {});
            a.transport.sendPacket(Recipient.at(b.address()), new byte[65_535], (nothing, failure) -> {});
            a.transport.sendPacket(Recipient.at(b.address()), new byte[] {2}, (nothing, failure) -> {
                throw new IllegalStateException("a completion that throws");
            });
            a.transport.sendPacket(Recipient.at(b.address()), new byte[] {3}, (nothing, failure) -> {});
        });
        assertThat(b.nextPacket().bytes()).containsExactly(1);
        assertThat(b.nextPacket().bytes()).containsExactly(2);
        assertThat(b.nextPacket().bytes()).containsExactly(3);
    }

    @Test
    void moreThanTheQueueHoldsAreRefusedNotKept() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        int burst = 100;
        AtomicInteger left = new AtomicInteger(burst);
        AtomicInteger refused = new AtomicInteger();
        CompletableFuture<Integer> count = new CompletableFuture<>();
        a.transport.eventLoop().execute(() -> {
            for (int i = 0; i < burst; i++) {
                a.transport.sendPacket(Recipient.at(b.address()), new byte[60_000], (nothing, failure) -> {
                    if (failure != null && String.valueOf(failure.getMessage()).contains("too many packets")) {
                        refused.incrementAndGet();
                    }
                    if (left.decrementAndGet() == 0) {
                        count.complete(refused.get());
                    }
                });
            }
        });
        // 4 MiB hold 69 of them
        assertThat(get(count)).isBetween(25, 40);
        assertThat(get(a.send(b.address(), new byte[] {1}))).isNull();
    }

    @Test
    void aListenerThatThrowsLosesThatPacketOnly() throws Exception {
        RecordingListener a = network.started();
        var b = network.open();
        RecordingListener heard = new RecordingListener(b, network.offences);
        b.eventLoop().execute(() -> b.start(new ThrowingListener(heard)));

        a.send(b.boundAddress(), new byte[] {ThrowingListener.BAD});
        a.send(b.boundAddress(), new byte[] {1});

        assertThat(heard.nextPacket().bytes()).containsExactly(1);
    }

    @Test
    void travelOnIpv6() {
        TestTransports.assumeIpv6();
        RecordingListener a = network.started(new InetSocketAddress("::1", 0));
        RecordingListener b = network.started(new InetSocketAddress("::1", 0));

        assertThat(get(a.send(b.address(), bytes(9)))).isNull();
        assertThat(b.nextPacket().from()).isEqualTo(a.address());
        assertThat(get(a.send(new InetSocketAddress("127.0.0.1", 7946), bytes(1))))
                .hasMessageContaining("another address family");
    }

    @Test
    void reachAWildcardAddressOverBothFamilies() {
        TestTransports.assumeIpv6();
        RecordingListener all = network.started(new InetSocketAddress("0.0.0.0", 0));
        RecordingListener v4 = network.started();
        RecordingListener v6 = network.started(new InetSocketAddress("::1", 0));
        int port = all.address().getPort();

        assertThat(all.address().getAddress().getHostAddress()).isEqualTo("0.0.0.0");
        assertThat(get(v4.send(new InetSocketAddress("127.0.0.1", port), bytes(4))))
                .isNull();
        assertThat(all.nextPacket().from()).isEqualTo(v4.address());
        assertThat(get(v6.send(new InetSocketAddress("::1", port), bytes(6)))).isNull();
        assertThat(all.nextPacket().from()).isEqualTo(v6.address());
        assertThat(get(all.send(v4.address(), bytes(1)))).isNull();
        assertThat(get(all.send(v6.address(), bytes(2)))).isNull();
        assertThat(v4.nextPacket().bytes()).hasSize(1);
        assertThat(v6.nextPacket().bytes()).hasSize(2);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
