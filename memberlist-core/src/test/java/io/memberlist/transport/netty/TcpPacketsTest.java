package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.memberlist.transport.TransportDrop;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets over TCP, on each transport that has them. */
@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Wire#overTcp")
class TcpPacketsTest {
    private final TestTransports network;
    private final Wire wire;

    TcpPacketsTest(Wire wire) {
        this.wire = wire;
        network = new TestTransports(wire);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void comeFromWhereTheSenderListens() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();

        assertThat(get(a.send(b.address(), new byte[] {1, 2, 3}))).isNull();
        RecordingListener.Packet first = b.nextPacket();
        assertThat(first.bytes()).containsExactly(1, 2, 3);
        assertThat(first.from()).isEqualTo(a.address());

        get(b.send(first.from(), new byte[] {4}));
        assertThat(a.nextPacket().bytes()).containsExactly(4);
    }

    @Test
    void ofMebibytesArriveWhole() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        byte[] packet = new byte[5 * 1024 * 1024];
        new Random(1).nextBytes(packet);

        assertThat(get(a.send(b.address(), packet))).isNull();
        assertThat(b.nextPacket().bytes()).isEqualTo(packet);
    }

    @Test
    void allArriveWhereTheReceiverIsQuick() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> received = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] packet = new byte[] {(byte) i};
            sent.add(packet);
            get(a.send(b.address(), packet));
            if (!wire.options().framing().keepsConnections()) {
                received.add(b.nextPacket().bytes());
            }
        }
        while (received.size() < sent.size()) {
            received.add(b.nextPacket().bytes());
        }
        assertThat(received).usingElementComparator(java.util.Arrays::compare).isEqualTo(sent);
    }

    @Test
    void thatNobodyWillEverReceiveAreRefused() {
        RecordingListener a = network.started();
        InetSocketAddress b = network.started().address();

        assertThat(get(a.send(InetSocketAddress.createUnresolved("nowhere.invalid", 1), new byte[1])))
                .hasMessageContaining("not resolved");
        assertThat(get(a.send(new InetSocketAddress(b.getAddress(), 0), new byte[1])))
                .hasMessageContaining("port 0");
        assertThat(get(a.send(b, new byte[0]))).hasMessageContaining("empty");
        assertThat(get(a.send(b, new byte[wire.options().maxPacketSize() + 1])))
                .hasMessageContaining("limit of " + wire.options().maxPacketSize());
    }

    /** Somebody else may be reached meanwhile, and the same address later. */
    @Test
    void forAnAddressWithoutAListenerAreCountedAndTheNextOnesTryAgain() throws Exception {
        RecordingListener a = network.started();
        InetSocketAddress nobody;
        try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) reserved.getLocalSocketAddress();
        }
        assertThat(get(a.send(nobody, new byte[1]))).isNull();
        RecordingListener.Drop drop = a.nextDrop();
        assertThat(drop.reason()).isEqualTo(TransportDrop.UNREACHABLE);
        assertThat(drop.peer()).isEqualTo(nobody);
        assertThat(drop.detail()).contains("refused");

        RecordingListener b = network.started(nobody);
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
            get(a.send(nobody, new byte[] {7}));
            return b.packets.poll(100, TimeUnit.MILLISECONDS) != null;
        });
    }

    /** Where connecting fails at once, the next packet tries again as well. */
    @Test
    void forAnAddressThatNoConnectionCanHaveAreCountedEachTime() {
        RecordingListener a = network.started();
        InetSocketAddress nowhere = new InetSocketAddress("255.255.255.255", 7946);
        for (int i = 0; i < 3; i++) {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                get(a.send(nowhere, new byte[] {7}));
                return a.drops.poll(200, TimeUnit.MILLISECONDS) != null;
            });
        }
        assertThat(a.packets).isEmpty();
    }

    @Test
    void forWhomNobodyReadsAreDroppedAndHoldUpNoOthers() throws Exception {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        List<Socket> unread = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket deaf = new ServerSocket(0, 256, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        unread.add(deaf.accept());
                    }
                } catch (java.io.IOException e) {
                    // It is closed.
                }
            });
            accepting.start();
            int sent = 0;
            while (a.drops.isEmpty() && sent < 10_000) {
                get(a.send((InetSocketAddress) deaf.getLocalSocketAddress(), new byte[64 * 1024]));
                sent++;
            }
            assertThat(a.nextDrop().reason()).isIn(TransportDrop.SEND_QUEUE_FULL, TransportDrop.NOT_TRUSTED);
            get(a.send(b.address(), new byte[] {1}));
            assertThat(b.nextPacket().bytes()).containsExactly(1);
        }
        for (Socket socket : unread) {
            socket.close();
        }
    }

    /** A connection breaks a thousand times, on either side: nothing is left behind, and packets go on. */
    @Test
    void goOnAfterAThousandBrokenConnections() {
        RecordingListener a = network.started();
        get(a.send(a.address(), new byte[] {1}));
        a.nextPacket();
        long before = openFiles();
        for (int i = 0; i < 250; i++) {
            RecordingListener b = network.started();
            get(a.send(b.address(), new byte[] {1}));
            get(b.send(a.address(), new byte[] {2}));
            assertThat(b.nextPacket().bytes()).containsExactly(1);
            assertThat(a.nextPacket().bytes()).containsExactly(2);
            var stream = a.dial(b.address());
            var accepted = b.nextAccepted();
            stream.send(new byte[] {3});
            assertThat(accepted.receive(1)).containsExactly(3);
            get(b.transport.close());
            stream.outcome();
        }
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(openFiles()).isLessThan(before + 20));
    }

    @Test
    void ofSomeoneWhoSpeaksAnotherProtocolAreRefusedAndCounted() throws Exception {
        RecordingListener a = network.started();
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            RecordingListener.Drop drop = a.nextDrop();
            assertThat(drop.reason()).isIn(TransportDrop.MALFORMED, TransportDrop.NOT_TRUSTED);
            assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
        }
        RecordingListener b = network.started();
        get(b.send(a.address(), new byte[] {5}));
        assertThat(a.nextPacket().bytes()).containsExactly(5);
    }

    @Test
    void whoConnectsAndSaysNothingIsClosed() throws Exception {
        RecordingListener a = network.started();
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aListenerThatThrowsLosesThatPacketOnly() {
        RecordingListener a = network.started();
        var b = network.open();
        RecordingListener heard = new RecordingListener(b, network.offences);
        b.eventLoop().execute(() -> b.start(new ThrowingListener(heard)));

        get(a.send(b.boundAddress(), new byte[] {0}));
        get(a.send(b.boundAddress(), new byte[] {1}));
        assertThat(heard.nextPacket()).isNotNull();
    }

    /** Who has not been written to for the longest time loses the connection, and gets another one for the next packet. */
    @Test
    void goToMoreMembersThanThereMayBeConnections() {
        RecordingListener a = network.started();
        List<RecordingListener> others = new ArrayList<>();
        for (int i = 0; i < TestOptions.MAX_CONNECTIONS + 4; i++) {
            others.add(network.started());
        }
        for (int round = 0; round < 3; round++) {
            for (RecordingListener other : others) {
                get(a.send(other.address(), new byte[] {(byte) round}));
                assertThat(other.nextPacket().bytes()).containsExactly(round);
            }
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
