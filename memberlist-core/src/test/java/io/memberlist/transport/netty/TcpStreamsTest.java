package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that share a port with packets behave as those of UDP's transport do. */
@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Wire#overTcp")
class TcpStreamsTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private final TestTransports network;

    TcpStreamsTest(Wire wire) {
        network = new TestTransports(wire);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void carryMebibytesBothWaysAndEndInGoodOrder() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        byte[] request = bytes(1, 5 * MEBIBYTE);
        byte[] answer = bytes(2, MEBIBYTE);

        var dialled = a.dial(b.address());
        assertThat(get(dialled.opened).remoteAddress()).isEqualTo(b.address());
        var sent = dialled.send(request);
        var accepted = b.nextAccepted();
        assertThat(accepted.receive(request.length)).isEqualTo(request);
        assertThat(get(sent)).isNull();

        assertThat(get(accepted.send(answer))).isNull();
        accepted.close();

        assertThat(dialled.outcome().failure()).isNull();
        assertThat(dialled.outcome().received()).isEqualTo(answer);
        assertThat(accepted.outcome().failure()).isNull();
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
    void closedWithUnreadInputStillDeliverWhatWasSent() {
        RecordingListener a = network.started();
        RecordingListener b = network.started();
        byte[] answer = bytes(3, 200_000);
        b.conversations = () -> b.new Conversation() {
            @Override
            public void opened(Stream stream) {
                super.opened(stream);
                // an answer to a request that is not even read
                stream.send(answer, (nothing, failure) -> stream.close());
            }
        };
        var dialled = a.dial(b.address());
        dialled.send(bytes(4, 100_000));
        assertThat(dialled.outcome().received()).isEqualTo(answer);
        assertThat(b.nextAccepted().outcome().failure()).isNull();
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
            a.transport.openStream(Recipient.at(b.address()), TimeUnit.SECONDS.toNanos(1), dialling);
            a.transport.close().thenRun(() -> closed.complete(null));
        });
        get(closed);

        assertThat(idle.outcome().failure()).hasMessageContaining("transport was closed");
        assertThat(busy.closed).isDone();
        assertThat(unfinished).isDone();
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
