package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No stream lives longer than the TCP timeout for the message and the same time again for its answer. */
class StreamLifeScenarioTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final VirtualCluster cluster = new VirtualCluster(15);
    private final InetSocketAddress strange = new InetSocketAddress("10.9.9.9", 7946);
    private Transport stranger;
    private @Nullable VirtualEventLoop memberLoop;

    @BeforeEach
    void aStranger() {
        stranger = cluster.await(cluster.network().open(strange));
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void oneThatIsOpenedAndNeverUsedEndsWithTheTimeout() {
        Memberlist member = member();
        open(member, stream -> {});

        assertThat(lifeOfStreams(member)).isBetween(TIMEOUT.minus(A_MOMENT), TIMEOUT.plus(A_MOMENT));
        assertThat(member.statistics().drops()).containsEntry("stream_timeout", 1L);
    }

    @Test
    void everyByteThatArrivesBuysNoTime() {
        Memberlist member = member();
        byte[] request = pushPull();
        open(member, stream -> drip(stream, request, 0));

        assertThat(lifeOfStreams(member)).isBetween(TIMEOUT.minus(A_MOMENT), TIMEOUT.plus(A_MOMENT));
    }

    @Test
    void aRequestAtTheLastMomentAndAnApplicationThatHangsTakeTwoTimeoutsAtMost() {
        Memberlist member = member();
        open(
                member,
                stream -> stranger.eventLoop()
                        .schedule(
                                TIMEOUT.minus(A_MOMENT).toNanos(), () -> stream.send(pushPull(), Completion.IGNORED)));

        assertThat(lifeOfStreams(member)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(2));
    }

    @Test
    void theBoundHoldsByTheClockOfAMemberWhoseClockChanges() {
        Memberlist member = member();
        VirtualEventLoop loop = Objects.requireNonNull(memberLoop);
        long before = loop.nanoTime();
        open(member, stream -> {});
        loop.clockRate(3);

        lifeOfStreams(member);
        assertThat(Duration.ofNanos(loop.nanoTime() - before))
                .isBetween(TIMEOUT.minus(A_MOMENT), TIMEOUT.plus(A_MOMENT));
    }

    @Test
    void aPeerThatNeverAnswersIsGivenOneTimeout() {
        stranger.start(new TransportListener() {
            @Override
            public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {}

            @Override
            public StreamHandler streamAccepted(InetSocketAddress from) {
                return new Silent(stream -> {});
            }
        });
        Memberlist member = member();
        member.join(List.of("10.9.9.9:7946"));
        cluster.runUntil("the stream opens", () -> streamsOf(member) == 1);

        assertThat(lifeOfStreams(member)).isBetween(TIMEOUT.minus(A_MOMENT), TIMEOUT.plus(A_MOMENT));
    }

    /** Starts a member whose application never returns its state. */
    private Memberlist member() {
        return cluster.start(
                "member",
                config -> config.network(n -> n.tcpTimeout(TIMEOUT))
                        .transportFactory(bind -> cluster.network().open(bind).thenApply(transport -> {
                            memberLoop = (VirtualEventLoop) transport.eventLoop();
                            return transport;
                        }))
                        .callbackExecutor(task -> {})
                        .delegates(d -> d.state(new StateDelegate() {
                            @Override
                            public byte[] localState(boolean join) {
                                throw new AssertionError("the application hangs before this");
                            }

                            @Override
                            public void mergeRemoteState(byte[] state, boolean join) {}
                        })));
    }

    private void open(Memberlist member, Consumer<Stream> then) {
        stranger.openStream(
                Recipient.at(member.localMember().address()),
                Duration.ofSeconds(1).toNanos(),
                new Silent(then));
        cluster.runUntil("the stream opens", () -> streamsOf(member) == 1);
    }

    private void drip(Stream stream, byte[] bytes, int from) {
        stream.send(Arrays.copyOfRange(bytes, from, from + 1), Completion.IGNORED);
        if (from + 2 < bytes.length) {
            stranger.eventLoop().schedule(Duration.ofSeconds(1).toNanos(), () -> drip(stream, bytes, from + 1));
        }
    }

    private Duration lifeOfStreams(Memberlist member) {
        return cluster.runUntil("all streams end", () -> streamsOf(member) == 0);
    }

    private int streamsOf(Memberlist member) {
        return cluster.network().openStreams(member.localMember().address());
    }

    private static byte[] pushPull() {
        return new StreamCodec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT), nonce -> {})
                .encodeRequest(new PushPull(false, List.of(), new byte[200]));
    }

    /** Never answers, and never closes. */
    private record Silent(Consumer<Stream> then) implements StreamHandler {
        @Override
        public void opened(Stream stream) {
            then.accept(stream);
        }

        @Override
        public void received(byte[] bytes) {}

        @Override
        public void closed(@Nullable Throwable failure) {}
    }
}
