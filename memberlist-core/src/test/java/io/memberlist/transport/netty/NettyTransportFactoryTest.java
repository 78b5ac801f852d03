package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.failureOf;
import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Backends#all")
class NettyTransportFactoryTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private final IoBackend io;
    private final TestTransports network;

    NettyTransportFactoryTest(IoBackend io) {
        this.io = io;
        network = new TestTransports(io);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void port0PicksOnePortForPacketsAndStreams() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        assertThat(a.address().getPort()).isPositive().isNotEqualTo(b.address().getPort());

        a.send(b.address(), new byte[1]);
        assertThat(b.nextPacket().from()).isEqualTo(a.address());
        a.dial(b.address());
        assertThat(get(b.nextAccepted().opened)).isNotNull();
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() {
        Transport first = network.open();
        int port = first.boundAddress().getPort();
        assertThat(failureOf(network.factory.open(first.boundAddress())))
                .isInstanceOf(PortInUseException.class)
                .hasMessage("cannot bind 127.0.0.1:" + port
                        + " for TCP: Address already in use; choose another port, or 0 for a free one");
    }

    @Test
    void aPortInUseForPacketsOnlyIsNamedAndTheOtherHalfFreed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThat(failureOf(network.factory.open(address)))
                    .isInstanceOf(PortInUseException.class)
                    .hasMessageContaining("127.0.0.1:" + address.getPort() + " for UDP")
                    .hasMessageContaining("Address already in use");
            new ServerSocket(address.getPort(), 1, LOOPBACK).close();
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamedWithTheRemedy() throws Exception {
        InetAddress foreign = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
        assertThat(failureOf(network.factory.open(new InetSocketAddress(foreign, 7946))))
                .isInstanceOf(AddressNotAvailableException.class)
                .hasMessageContaining("203.0.113.7:7946")
                .hasMessageContaining("does not belong to this machine");
        assertThat(failureOf(network.factory.open(InetSocketAddress.createUnresolved("me.invalid", 1))))
                .hasMessageContaining("me.invalid:1");
    }

    @Test
    void severalAddressesAreListenedAtOnOnePort() throws Exception {
        RecordingListener a = network.started();
        RecordingListener b = network.startedAlsoAt(InetAddress.getByName("127.0.0.2"));
        int port = b.address().getPort();
        assertThat(b.address().getAddress()).isEqualTo(LOOPBACK);

        for (String host : new String[] {"127.0.0.1", "127.0.0.2"}) {
            InetSocketAddress at = new InetSocketAddress(host, port);
            a.send(at, host.getBytes(StandardCharsets.UTF_8));
            assertThat(b.nextPacket().bytes()).asString().isEqualTo(host);
            var dialled = a.dial(at);
            get(dialled.opened);
            b.nextAccepted().close();
            dialled.outcome();
        }
        b.send(a.address(), new byte[1]);
        assertThat(a.nextPacket().from()).isEqualTo(b.address());

        get(b.transport.close());
        for (String host : new String[] {"127.0.0.1", "127.0.0.2"}) {
            new ServerSocket(port, 1, InetAddress.getByName(host)).close();
        }
    }

    @Test
    void packetsToTheOtherFamilyLeaveFromTheAddressOfThatFamily() throws Exception {
        TestTransports.assumeIpv6();
        InetAddress v6 = InetAddress.getByName("::1");
        RecordingListener both = network.startedAlsoAt(v6);
        RecordingListener six = network.started(new InetSocketAddress(v6, 0));

        both.send(six.address(), new byte[1]);

        assertThat(six.nextPacket().from())
                .isEqualTo(new InetSocketAddress(v6, both.address().getPort()));
    }

    @Test
    void whereOneOfSeveralAddressesCannotBeHadAllAreFreed() throws Exception {
        InetAddress foreign = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
        Transport before = network.open();
        int port = before.boundAddress().getPort();
        get(before.close());

        assertThat(failureOf(network.factory.alsoAt(foreign).open(new InetSocketAddress(LOOPBACK, port))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("203.0.113.7:" + port);
        new ServerSocket(port, 1, LOOPBACK).close();
    }

    @Test
    void aRestartedMemberGetsItsPortBackAtOnce() {
        RecordingListener other = network.started();
        RecordingListener first = network.started();
        InetSocketAddress address = first.address();
        for (int restart = 0; restart < 20; restart++) {
            var accepted = other.dial(address);
            get(accepted.opened);
            first.nextAccepted().close();
            accepted.outcome();
            get(first.transport.close());
            first = network.started(address);
            assertThat(first.address()).isEqualTo(address);
        }
    }

    @Test
    void closingFreesThePort() throws Exception {
        for (int i = 0; i < 20; i++) {
            Transport transport = network.open();
            int port = transport.boundAddress().getPort();
            get(transport.close());
            // neither sets SO_REUSEADDR
            new DatagramSocket(port, LOOPBACK).close();
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(false);
                socket.bind(new InetSocketAddress(LOOPBACK, port));
            }
        }
    }

    @Test
    void closingTwiceOrOnTheLoopDoesNoHarm() {
        Transport a = network.open();
        Transport b = network.open();
        a.eventLoop().execute(a::close);
        get(a.close());
        get(a.close());
        b.eventLoop().execute(b::close);
        get(b.close());
        assertThat(a.close()).isCompleted();
    }

    @Test
    void afterCloseNothingIsHeardAndEveryCallFails() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        get(a.transport.close());
        b.send(a.address(), new byte[1]);
        assertThat(b.dial(a.address()).outcome().failure()).isInstanceOf(TransportException.class);
        assertThat(a.packets).isEmpty();
        assertThat(a.accepted).isEmpty();

        // The member's own loop is shut down; another member's thread may be the same one, or not.
        a.transport.eventLoop().execute(() -> network.offences.add("ran after close"));
        assertThat(failureOf(a.transport.resolve("some.host.invalid"))).isInstanceOf(TransportException.class);
    }

    @Test
    void theLastOneClosedFreesTheThreadsAndTheNextStartsThemAgain() {
        for (int i = 0; i < 3; i++) {
            RecordingListener a = network.started();
            RecordingListener b = network.started();
            assertThat(network.threads("memberlist-io-")).isNotEmpty().noneMatch(Thread::isDaemon);
            get(a.transport.close());
            assertThat(network.threads("memberlist-io-")).isNotEmpty();
            get(b.transport.close());
            network.assertNoThreads();
        }
    }

    @Test
    void aFailedBindFreesTheThreads() {
        Transport taken = network.open();
        NettyTransportFactory other = new NettyTransportFactory(IoBackend.NIO, 1);
        failureOf(other.open(taken.boundAddress()));
        get(taken.close());
        network.assertNoThreads();
    }

    @Test
    void manyMembersShareFewThreads() {
        List<RecordingListener> members =
                IntStream.range(0, 200).mapToObj(i -> network.started()).toList();
        for (int i = 0; i < members.size(); i++) {
            RecordingListener from = members.get(i);
            RecordingListener to = members.get((i + 1) % members.size());
            from.send(to.address(), new byte[] {(byte) i});
            assertThat(to.nextPacket().bytes()).containsExactly((byte) i);
            get(from.transport.resolve("localhost"));
        }
        assertThat(network.threads("memberlist-")).hasSizeLessThanOrEqualTo(4 + 2 + 2);
    }

    @Test
    void theSharedOneIsAlwaysTheSame() {
        assertThat(NettyTransportFactory.shared()).isSameAs(NettyTransportFactory.shared());
        Transport transport = get(NettyTransportFactory.shared().open(TestTransports.ANY_PORT));
        assertThat(transport.boundAddress().getPort()).isPositive();
        get(transport.close());
    }

    @Test
    void aThreadThatTheSystemRefusesFailsTheOpeningAndLeavesNothingOpen() {
        AtomicBoolean refuse = new AtomicBoolean(true);
        SharedThreads threads = new SharedThreads(
                io,
                () -> task -> new Thread(task) {
                    @Override
                    public synchronized void start() {
                        if (refuse.get()) {
                            throw new OutOfMemoryError("unable to create native thread (in this test)");
                        }
                        super.start();
                    }
                });
        NettyTransportFactory factory = new NettyTransportFactory(io, 16, threads, List.of());

        assertThat(failureOf(factory.open(TestTransports.ANY_PORT)))
                .isInstanceOf(TransportException.class)
                .hasMessage("cannot start the network threads: unable to create native thread (in this test); raise the"
                        + " limits of threads and of open files of this process");

        refuse.set(false);
        Transport transport = get(factory.open(TestTransports.ANY_PORT));
        get(transport.close());
        assertThat(get(transport.close())).isNull();
    }
}
