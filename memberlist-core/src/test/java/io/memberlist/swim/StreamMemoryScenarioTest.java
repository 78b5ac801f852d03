package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What streams bring counts against the budget for as long as it is held, and is held no longer. The sockets stay open: the
 * other side decides when they close.
 */
class StreamMemoryScenarioTest {
    private static final int LARGEST = 1024 * 1024;
    /** One address may hold as much as one of the largest messages, so there is room for one of these. */
    private static final int LARGE = LARGEST * 9 / 10;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONG = TIMEOUT.multipliedBy(3);

    private final VirtualCluster cluster = new VirtualCluster(15);
    private final InetSocketAddress stranger = new InetSocketAddress("10.9.9.9", 4000);
    private @Nullable TransportListener listener;

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void aMessageCountsUntilItIsDecoded() {
        Memberlist member = member(TIMEOUT);
        open().received(request(new UserMessage(new byte[LARGE])));
        open().received(request(new UserMessage(new byte[LARGE])));
        assertThat(refused(member)).isEqualTo(1);

        cluster.run(Duration.ofSeconds(1));
        open().received(request(new UserMessage(new byte[LARGE])));
        assertThat(refused(member)).as("the first one is over").isEqualTo(1);
    }

    @Test
    void aMessageCountsWhileItIsDecodedAlsoWhenItsStreamIsOver() {
        Memberlist member = member(Duration.ofMillis(5));
        open().received(request(new UserMessage(new byte[LARGE])));
        cluster.run(Duration.ofMillis(6));
        assertThat(member.statistics().drops()).containsEntry("stream_timeout", 1L);

        open().received(request(new UserMessage(new byte[LARGE])));
        assertThat(refused(member)).isEqualTo(1);
    }

    @Test
    void aStateCountsUntilItsAnswerWasRead() {
        Memberlist member = member(TIMEOUT);
        PushPull state = new PushPull(false, List.of(), new byte[LARGE]);
        open().received(request(state));
        cluster.run(Duration.ofSeconds(1));

        open().received(request(state));
        assertThat(refused(member)).as("the answer is not read").isEqualTo(1);

        cluster.run(LONG);
        open().received(request(state));
        assertThat(refused(member)).as("the first stream is over").isEqualTo(1);
    }

    @Test
    void theBytesOfARefusedStreamAreLetGo() {
        Memberlist member = member(TIMEOUT);
        StreamHandler handler = open();
        WeakReference<byte[]> held = receiveUnfinished(handler);
        assertThat(isHeld(held)).isTrue();

        handler.received(new byte[LARGE]);

        assertThat(refused(member)).isEqualTo(1);
        assertThat(isHeld(held)).isFalse();
        open().received(request(new UserMessage(new byte[LARGE])));
        assertThat(refused(member)).as("there is room again").isEqualTo(1);
        handler.closed(null);
    }

    @Test
    void theBytesOfAStreamThatTookTooLongAreLetGo() {
        Memberlist member = member(TIMEOUT);
        StreamHandler handler = open();
        WeakReference<byte[]> held = receiveUnfinished(handler);

        cluster.run(LONG);

        assertThat(member.statistics().drops()).containsEntry("stream_timeout", 1L);
        assertThat(isHeld(held)).isFalse();
        handler.closed(null);
    }

    private static WeakReference<byte[]> receiveUnfinished(StreamHandler handler) {
        byte[] whole = request(new UserMessage(new byte[LARGE]));
        byte[] unfinished = Arrays.copyOf(whole, whole.length - 1);
        handler.received(unfinished);
        return new WeakReference<>(unfinished);
    }

    private static boolean isHeld(WeakReference<byte[]> bytes) {
        for (int i = 0; i < 10 && bytes.get() != null; i++) {
            System.gc();
        }
        return bytes.get() != null;
    }

    private static long refused(Memberlist member) {
        return member.statistics().drops().getOrDefault("too_large", 0L);
    }

    private static byte[] request(Message message) {
        StreamCodec codec = new StreamCodec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT), nonce -> {});
        return codec.encodeUncompressedRequest(message);
    }

    /** Opens a stream that the other side neither reads nor closes. */
    private StreamHandler open() {
        StreamHandler handler = Objects.requireNonNull(listener).streamAccepted(stranger);
        handler.opened(new Stream() {
            @Override
            public InetSocketAddress remoteAddress() {
                return stranger;
            }

            @Override
            public void send(byte[] bytes, Completion<Void> completion) {}

            @Override
            public void close() {}
        });
        return handler;
    }

    private Memberlist member(Duration timeout) {
        return cluster.start(
                "member",
                config -> config.network(n -> n.tcpTimeout(timeout))
                        .limits(limits -> limits.decompressedSize(LARGEST))
                        .transportFactory(bind -> cluster.network().open(bind).thenApply(this::tapped)));
    }

    private Transport tapped(Transport transport) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        listener = (TransportListener) arguments[0];
                    }
                    try {
                        return method.invoke(transport, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
