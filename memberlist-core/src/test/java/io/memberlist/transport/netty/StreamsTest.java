package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.TransportException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Backends#all")
class StreamsTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private final TestTransports network;

    StreamsTest(IoBackend io) {
        network = new TestTransports(io);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void carryAMebibyteBothWaysAndEndInGoodOrder() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        byte[] request = bytes(1, MEBIBYTE);
        byte[] answer = bytes(2, MEBIBYTE);

        var dialled = a.dial(b.address());
        assertThat(get(dialled.opened).remoteAddress()).isEqualTo(b.address());
        var sent = dialled.send(request);
        var accepted = b.nextAccepted();
        assertThat(accepted.receive(MEBIBYTE)).isEqualTo(request);
        assertThat(get(sent)).isNull();

        assertThat(get(accepted.send(answer))).isNull();
        accepted.close();

        assertThat(dialled.outcome().failure()).isNull();
        assertThat(dialled.outcome().received()).isEqualTo(answer);
        assertThat(accepted.outcome().failure()).isNull();
    }

    /** Where hundreds join while the loop has other work, one in a turn is too few. */
    @Test
    void areAcceptedInOneTurnOfTheLoopWhereSeveralWait() throws Exception {
        RecordingListener listener = network.started();
        EventLoop loop = listener.transport.eventLoop();
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        int waiting = TestTransports.acceptedFromOneAddress();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < waiting; i++) {
            sockets.add(new Socket(
                    listener.address().getAddress(), listener.address().getPort()));
        }
        CompletableFuture<Integer> turns = new CompletableFuture<>();
        countTurns(loop, () -> listener.accepted.size() == waiting, 1, turns);
        release.countDown();

        assertThat(get(turns)).isLessThan(waiting / 2);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The loop looks at its timers once in a turn. */
    private static void countTurns(EventLoop loop, BooleanSupplier until, int turn, CompletableFuture<Integer> turns) {
        loop.schedule(1, () -> {
            if (until.getAsBoolean()) {
                turns.complete(turn);
            } else {
                countTurns(loop, until, turn + 1, turns);
            }
        });
    }

    @Test
    void keepTheOrderOfManySends() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        var dialled = a.dial(b.address());
        for (int i = 0; i < 100; i++) {
            dialled.send(new byte[] {(byte) i});
        }
        byte[] received = b.nextAccepted().receive(100);
        for (int i = 0; i < 100; i++) {
            assertThat(received[i]).isEqualTo((byte) i);
        }
    }

    @Test
    void workOnIpv6() {
        TestTransports.assumeIpv6();
        RecordingListener a = network.started(new InetSocketAddress("::1", 0));
        RecordingListener b = network.started(new InetSocketAddress("::1", 0));
        a.dial(b.address()).send(new byte[] {1, 2});
        assertThat(b.nextAccepted().receive(2)).containsExactly(1, 2);
    }

    @Test
    void toAClosedPortSayWhy() throws Exception {
        RecordingListener a = network.started();
        InetSocketAddress nobody;
        try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) reserved.getLocalSocketAddress();
        }
        var refused = a.dial(nobody);
        assertThat(refused.outcome().failure())
                .isInstanceOf(TransportException.class)
                .hasMessage("cannot connect to 127.0.0.1:" + nobody.getPort() + ": Connection refused");
        assertThat(refused.opened).isNotDone();
    }

    @Test
    void toAnUnresolvedAddressSayWhy() {
        RecordingListener a = network.started();
        assertThat(a.dial(InetSocketAddress.createUnresolved("nowhere.invalid", 1))
                        .outcome()
                        .failure())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("nowhere.invalid:1")
                .hasMessageContaining("not resolved");
    }

    @Test
    void thatNobodyAcceptsTimeOut() throws Exception {
        RecordingListener a = network.started();
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) deaf.getLocalSocketAddress();
            // A listener with a full queue does not answer any more.
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                fillers.add(filler);
                filler.configureBlocking(false);
                filler.connect(address);
            }
            var late = a.dial(address, TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(late.outcome().failure())
                    .isInstanceOf(TransportException.class)
                    .hasMessage("cannot connect to 127.0.0.1:" + address.getPort() + ": connecting timed out");
            assertThat(late.opened).isNotDone();
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void thatAreResetEndWithTheReason() throws Exception {
        RecordingListener a = network.started();
        RecordingListener.Conversation accepted;
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            socket.getOutputStream().write(5);
            accepted = a.nextAccepted();
            accepted.receive(1);
            // closing it sends a reset
            socket.setSoLinger(true, 0);
        }
        assertThat(accepted.outcome().failure())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("Connection reset");
    }

    @Test
    void endWhenTheOtherSideHasNoMoreToSay() throws Exception {
        RecordingListener a = network.started();
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            socket.getOutputStream().write(5);
            socket.shutdownOutput();
            var accepted = a.nextAccepted();
            assertThat(accepted.outcome().failure()).isNull();
            assertThat(accepted.outcome().received()).containsExactly(5);
            assertThat(get(accepted.send(new byte[1]))).hasMessageContaining("closed");
        }
    }

    @Test
    void closedWithUnreadInputStillDeliverWhatWasSent() throws Exception {
        RecordingListener a = network.started();
        byte[] answer = bytes(3, 200_000);
        a.conversations = () -> a.new Conversation() {
            @Override
            public void opened(Stream stream) {
                super.opened(stream);
                // an answer to a request that is not even read
                stream.send(answer, (nothing, failure) -> stream.close());
            }
        };
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            var accepted = a.nextAccepted();
            socket.getOutputStream().write(bytes(4, 100_000));
            assertThat(accepted.outcome().failure()).isNull();
            socket.getOutputStream().write(bytes(4, 100_000));
            InputStream in = socket.getInputStream();
            assertThat(in.readAllBytes()).isEqualTo(answer);
        }
    }

    @Test
    void maySendFromWithinACompletionAndCloseTwice() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        CompletableFuture<Integer> rounds = new CompletableFuture<>();
        a.dial(b.address(), TimeUnit.SECONDS.toNanos(5), a.new Conversation() {
            @Override
            public void opened(Stream stream) {
                super.opened(stream);
                next(stream, 0);
            }

            private void next(Stream stream, int round) {
                if (round == 5000) {
                    stream.close();
                    stream.close();
                    rounds.complete(round);
                } else {
                    stream.send(new byte[] {1}, (nothing, failure) -> next(stream, round + 1));
                }
            }
        });
        assertThat(get(rounds)).isEqualTo(5000);
        assertThat(b.nextAccepted().outcome().received()).hasSize(5000);
    }

    @Test
    void whoseHandlerThrowsAreClosedAndNoOthers() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        var good = a.dial(b.address());
        var goodAccepted = b.nextAccepted();
        b.conversations = () -> b.new Conversation() {
            @Override
            public void received(byte[] piece) {
                throw new IllegalStateException("a handler that throws");
            }
        };
        var bad = a.dial(b.address());
        var badAccepted = b.nextAccepted();
        bad.send(new byte[] {1});

        assertThat(badAccepted.outcome().failure()).hasMessage("a handler that throws");
        assertThat(bad.outcome().received()).isEmpty();
        good.send(new byte[] {2});
        assertThat(goodAccepted.receive(1)).containsExactly(2);
    }

    @Test
    void whoseListenerThrowsAreClosed() {
        RecordingListener a = network.started();
        var b = network.open();
        RecordingListener heard = new RecordingListener(b, network.offences);
        b.eventLoop().execute(() -> b.start(new ThrowingListener(heard)));

        assertThat(a.dial(b.boundAddress()).outcome().received()).isEmpty();
        a.send(b.boundAddress(), new byte[] {1});
        assertThat(heard.nextPacket().bytes()).containsExactly(1);
    }

    @Test
    void aboveTheLimitForAnAddressAreClosedAtOnceUntilOthersEnd() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        List<RecordingListener.Conversation> open = new ArrayList<>();
        List<RecordingListener.Conversation> accepted = new ArrayList<>();
        for (int i = 0; i < TestTransports.acceptedFromOneAddress(); i++) {
            open.add(a.dial(b.address()));
            accepted.add(b.nextAccepted());
        }
        a.dial(b.address()).outcome();
        assertThat(b.accepted).isEmpty();

        open.get(0).close();
        accepted.get(0).outcome();
        a.dial(b.address());
        assertThat(get(b.nextAccepted().opened)).isNotNull();
    }

    @Test
    void endWithTheTransportWhateverStateTheyAreIn() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        var idle = a.dial(b.address());
        get(idle.opened);
        var accepted = b.nextAccepted();
        var busy = a.dial(b.address());
        get(busy.opened);
        var unfinished = busy.send(new byte[64 * MEBIBYTE]);
        var lingering = a.dial(b.address());
        lingering.close();
        var dialling = a.new Conversation();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        a.transport.eventLoop().execute(() -> {
            a.transport.openStream(Recipient.at(b.address()), 1_000_000_000, dialling);
            a.transport.close().thenRun(() -> closed.complete(null));
        });
        get(closed);

        assertThat(idle.closed).isDone();
        assertThat(idle.outcome().failure()).hasMessageContaining("transport was closed");
        assertThat(busy.closed).isDone();
        assertThat(unfinished).isDone();
        assertThat(lingering.closed).isDone();
        assertThat(lingering.outcome().failure()).isNull();
        assertThat(dialling.closed).isDone();
        accepted.outcome();
    }

    private static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
