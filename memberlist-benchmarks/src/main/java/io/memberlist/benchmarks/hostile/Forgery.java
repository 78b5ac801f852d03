package io.memberlist.benchmarks.hostile;

import io.memberlist.config.Keyring;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Compression;
import io.memberlist.wire.KeySource;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The bytes of messages that a hostile peer sends. */
final class Forgery {
    static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};

    private static final WireFormat PLAIN = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);
    private static final WireFormat COMPRESSED = WireFormat.plain(Compression.LZW, WireLimits.DEFAULT);

    private Forgery() {}

    static byte[] packet(Message... messages) {
        return packet(PLAIN, messages);
    }

    static byte[] compressedPacket(Message... messages) {
        return packet(COMPRESSED, messages);
    }

    /** {@return a packet as a member with the key sends it, which may have been recorded} */
    static byte[] encryptedPacket(Random random, Message... messages) {
        KeySource keys = Keyring.of(Setting.key());
        WireFormat format = new WireFormat(Compression.NONE, 1, "", false, keys, true, true, WireLimits.DEFAULT);
        return new PacketCodec(format, random::nextBytes)
                .encode(Arrays.stream(messages).map(MessageCodec::encode).toList(), Checksum.NONE);
    }

    private static byte[] packet(WireFormat format, Message... messages) {
        return new PacketCodec(format, nonce -> {})
                .encode(Arrays.stream(messages).map(MessageCodec::encode).toList(), Checksum.NONE);
    }

    /** {@return bytes in the wrapper of compressed messages, for packets and streams} */
    static byte[] compressed(byte[] message) {
        return new PacketCodec(COMPRESSED, nonce -> {}).encode(List.of(message), Checksum.NONE);
    }

    /** {@return what the dialler of a stream writes} */
    static byte[] request(Message message) {
        return new StreamCodec(COMPRESSED, nonce -> {}).encodeRequest(message);
    }

    static byte[] uncompressedRequest(Message message) {
        return new StreamCodec(PLAIN, nonce -> {}).encodeUncompressedRequest(message);
    }

    /** Answers the pings of a packet. */
    static void answer(Attacker attacker, InetSocketAddress from, byte[] packet) {
        try {
            for (Message message : new PacketCodec(PLAIN, nonce -> {}).decode(packet, fault -> {})) {
                if (message instanceof Ping ping) {
                    attacker.packet(from, packet(new Ack(ping.sequence(), new byte[0])));
                }
            }
        } catch (WireException | IOException e) {
            throw new IllegalStateException("a member sends what cannot be read, or cannot be answered", e);
        }
    }

    static Alive alive(Victim member, long incarnation) {
        InetSocketAddress at = member.address();
        return new Alive(incarnation, member.name(), at.getAddress().getAddress(), at.getPort(), new byte[0], VERSIONS);
    }

    /** {@return a member that does not exist, at an address where nobody is} */
    static PushPullNode ghost(int index, int state) {
        byte[] address = {10, (byte) (7 + (index >> 16)), (byte) (index >> 8), (byte) index};
        return new PushPullNode("ghost-" + index, address, 7946, new byte[0], 1, state, VERSIONS);
    }

    /** {@return a state of so many members that do not exist} */
    static PushPull ghosts(int count) {
        return new PushPull(
                false, IntStream.range(0, count).mapToObj(i -> ghost(i, 0)).toList(), new byte[0]);
    }
}
