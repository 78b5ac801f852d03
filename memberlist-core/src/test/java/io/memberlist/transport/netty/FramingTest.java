package io.memberlist.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.TransportDrop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    private static final int MAX_PACKET = 100_000;
    private static final InetSocketAddress SELF = address(10, 0, 0, 1, 7946);
    private static final AlertmanagerFraming ALERTMANAGER = new AlertmanagerFraming(MAX_PACKET);
    private static final DskitFraming DSKIT = new DskitFraming(MAX_PACKET, false);

    static List<Framing> framings() {
        return List.of(ALERTMANAGER, DSKIT);
    }

    @Test
    void alertmanagersFramesAreMessagesOfProtocolBuffersBehindTheirLength() {
        assertThat(hex(ALERTMANAGER.packet(SELF, new byte[] {1, 2, 3})))
                .isEqualTo("1e000000"
                        + "0a06" + hex(AlertmanagerFraming.VERSION)
                        + "1001"
                        + "1a0d" + hex("10.0.0.1:7946")
                        + "2203010203");
        assertThat(hex(ALERTMANAGER.streamHeader(SELF)))
                .isEqualTo("17000000" + "0a06" + hex(AlertmanagerFraming.VERSION) + "1a0d" + hex("10.0.0.1:7946"));
    }

    @Test
    void dskitsPacketsHaveAnAddressInFrontAndADigestBehind() {
        assertThat(hex(DSKIT.packet(SELF, "abc".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("010d" + hex("10.0.0.1:7946") + "616263" + "900150983cd24fb0d6963f7d28e17f72");
        assertThat(DSKIT.streamHeader(SELF)).containsExactly(2);
    }

    @ParameterizedTest
    @MethodSource("framings")
    void packetsOfAllSizesArriveInPiecesOfAnySize(Framing framing) {
        Random random = new Random(1);
        for (int size : new int[] {1, 2, 127, 128, 1400, 16_384, 65_536, MAX_PACKET}) {
            byte[] packet = new byte[size];
            random.nextBytes(packet);
            Received received = new Received(framing);
            ByteBuf bytes = Unpooled.wrappedBuffer(framing.packet(SELF, packet));
            while (bytes.isReadable()) {
                int piece = Math.min(bytes.readableBytes(), 1 + random.nextInt(3_000));
                received.channel.writeInbound(bytes.readRetainedSlice(piece));
            }
            bytes.release();
            received.channel.finish();

            assertThat(received.refusals).isEmpty();
            assertThat(received.packets).containsExactly(packet);
            assertThat(received.claimed).isEqualTo(SELF);
            assertThat(received.held).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void whatFollowsTheHeaderOfAStreamBelongsToTheStream(Framing framing) {
        for (int split = 1; split < framing.streamHeader(SELF).length; split++) {
            Received received = new Received(framing);
            byte[] header = framing.streamHeader(SELF);
            ByteBuf all = Unpooled.wrappedBuffer(header, new byte[] {7, 8, 9});
            received.channel.writeInbound(all.readRetainedSlice(split));
            received.channel.writeInbound(all);

            assertThat(received.streams).isEqualTo(1);
            ByteBuf rest = received.channel.readInbound();
            assertThat(rest).isEqualTo(Unpooled.wrappedBuffer(new byte[] {7, 8, 9}));
            rest.release();
            assertThat(received.held).isZero();
        }
    }

    @Test
    void severalFramesMayShareOnePieceOnTheWire() {
        Received received = new Received(ALERTMANAGER);
        received.channel.writeInbound(Unpooled.wrappedBuffer(
                ALERTMANAGER.packet(SELF, new byte[] {1}), ALERTMANAGER.packet(SELF, new byte[] {2, 2})));

        assertThat(received.packets).containsExactly(new byte[] {1}, new byte[] {2, 2});
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aPacketAboveTheLimitIsRefusedBeforeItHasArrived(Framing framing) {
        Received received = new Received(framing);
        received.channel.writeInbound(
                Unpooled.wrappedBuffer(framing.packet(SELF, new byte[MAX_PACKET + 1_000]), 0, MAX_PACKET + 700));

        assertThat(received.refusals).containsExactly(TransportDrop.TOO_LARGE);
        assertThat(received.held).isZero();
        received.channel.finish();
        assertThat(received.packets).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffffffff", // a length of 4 GiB
                "0200000012ff", // a length without an end
                "0400000008010801", // no version
                "080000000a06" + "76302e322e30", // v0.2.0
                "0100000007", // a type that is none
            })
    void framesOfAnythingElseAreRefused(String hex) {
        Received received = new Received(ALERTMANAGER);
        received.channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));

        assertThat(received.refusals).hasSize(1);
        assertThat(received.packets).isEmpty();
        assertThat(received.held).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // never used
                "03",
                "47455420", // GET
                "01", // nothing follows
                "0102", // no address
                "0103313a3200000000000000000000000000000000", // no IP address
            })
    void connectionsOfAnythingElseAreRefused(String hex) {
        Received received = new Received(DSKIT);
        received.channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        received.channel.finish();

        assertThat(received.refusals).containsExactly(TransportDrop.MALFORMED);
        assertThat(received.packets).isEmpty();
        assertThat(received.held).isZero();
    }

    @Test
    void aPacketWithAWrongDigestIsUsedAsDskitDoes() {
        byte[] bytes = DSKIT.packet(SELF, new byte[] {1, 2, 3});
        bytes[bytes.length - 1]++;
        Received received = new Received(DSKIT);
        received.channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        received.channel.finish();

        assertThat(received.packets).containsExactly(new byte[] {1, 2, 3});
    }

    @Test
    void aPacketWithAWrongDigestIsRefusedWithTls() {
        byte[] bytes = DSKIT.packet(SELF, new byte[] {1, 2, 3});
        bytes[bytes.length - 1]++;
        Received received = new Received(new DskitFraming(MAX_PACKET, true));
        received.channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        received.channel.finish();

        assertThat(received.packets).isEmpty();
        assertThat(received.refusals).containsExactly(TransportDrop.MALFORMED);
    }

    @Test
    void nothingOfAConnectionThatThisSideEndsIsUsed() {
        Received received = new Received(DSKIT);
        byte[] bytes = DSKIT.packet(SELF, new byte[1000]);
        received.channel.writeInbound(Unpooled.wrappedBuffer(bytes, 0, 500));
        received.channel.pipeline().get(ConnectionReader.class).end();
        received.channel.finish();

        assertThat(received.packets).isEmpty();
        assertThat(received.held).isZero();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void anyOtherBytesEndInARefusalOrAPacketAndHoldNothing(Framing framing) {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = framing.packet(SELF, new byte[random.nextInt(40)]);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Received received = new Received(framing);
            received.channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            received.channel.finishAndReleaseAll();

            assertThat(received.held).isZero();
            assertThat(received.packets.size() + received.refusals.size() + received.streams)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void addressesAreReadWithoutAskingForNames() {
        assertThat(ConnectionReader.address("[::1]:7946").getPort()).isEqualTo(7946);
        assertThat(ConnectionReader.address("10.0.0.1:0").getPort()).isZero();
        for (String none : List.of("", ":", "a:1", "10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:-1", "[::1]")) {
            assertThat(ConnectionReader.address(none)).as(none).isNull();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static InetSocketAddress address(int a, int b, int c, int d, int port) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}), port);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** One connection, and what it has brought. */
    private static final class Received implements ConnectionReader.Receiver {
        final List<byte[]> packets = new ArrayList<>();
        final List<TransportDrop> refusals = new ArrayList<>();
        final EmbeddedChannel channel;

        @Nullable
        InetSocketAddress claimed;

        int streams;
        long held;

        Received(Framing framing) {
            channel = new EmbeddedChannel(framing.reader(this));
        }

        @Override
        public boolean hold(long bytes) {
            held += bytes;
            return true;
        }

        @Override
        public void release(long bytes) {
            held -= bytes;
        }

        @Override
        public void packet(InetSocketAddress from, byte[] packet) {
            claimed = from;
            packets.add(packet);
        }

        @Override
        public void stream(@Nullable InetSocketAddress from) {
            streams++;
            channel.pipeline().remove(ConnectionReader.class);
        }

        @Override
        public void refused(TransportDrop reason, String detail) {
            refusals.add(reason);
        }
    }
}
