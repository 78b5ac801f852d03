package io.memberlist.benchmarks.wire;

import io.memberlist.wire.Compression;
import io.memberlist.wire.KeySource;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages and formats of a typical cluster. */
final class Samples {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    private static final byte[] META = "zone=eu-1,role=orders".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = "a key of 32 bytes for benchmarks".getBytes(StandardCharsets.US_ASCII);

    private Samples() {}

    static Message message(String kind) {
        Source source = new Source(address(1), 7946, name(1));
        return switch (kind) {
            case "ping" -> new Ping(70_000, name(2), source);
            case "indirectPing" -> new IndirectPing(70_000, address(2), 7946, name(2), true, source);
            case "ack" -> new Ack(70_000, new byte[] {1, 2, 3});
            case "nack" -> new Nack(70_000);
            case "suspect" -> new Suspect(300, name(2), name(1));
            case "alive" -> alive(2);
            case "dead" -> new Dead(300, name(2), name(1));
            case "user" -> new UserMessage(META);
            default -> throw new IllegalArgumentException("no sample of " + kind);
        };
    }

    static Alive alive(int number) {
        return new Alive(300 + number, name(number), address(number), 7946, META, VERSIONS);
    }

    /** {@return twelve encoded messages about members, as in gossip} */
    static List<byte[]> gossip() {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            messages.add(MessageCodec.encode(
                    switch (i % 4) {
                        case 0, 1 -> alive(i);
                        case 2 -> new Suspect(300, name(i), name(i + 1));
                        default -> new Dead(300, name(i), name(i + 1));
                    }));
        }
        return messages;
    }

    static PushPull state(int members) {
        List<PushPullNode> nodes = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            nodes.add(new PushPullNode(name(i), address(i), 7946, META, 300 + i, 0, VERSIONS));
        }
        return new PushPull(false, nodes, new byte[100]);
    }

    static WireFormat format(String kind) {
        return switch (kind) {
            case "plain" -> WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);
            case "lzw" -> WireFormat.plain(Compression.LZW, WireLimits.DEFAULT);
            case "snappy" -> WireFormat.plain(Compression.SNAPPY, WireLimits.DEFAULT);
            case "encrypted" -> encrypted(Compression.NONE, "");
            case "labelled" -> encrypted(Compression.LZW, "production");
            default -> throw new IllegalArgumentException("no format " + kind);
        };
    }

    private static WireFormat encrypted(Compression compression, String label) {
        KeySource keys = new KeySource() {
            private final List<byte[]> all = List.of(KEY);

            @Override
            public List<byte[]> keys() {
                return all;
            }

            @Override
            public byte[] primaryKey() {
                return KEY;
            }
        };
        return new WireFormat(compression, 1, label, false, keys, true, true, WireLimits.DEFAULT);
    }

    private static String name(int number) {
        return "orders-" + (1000 + number);
    }

    private static byte[] address(int number) {
        return new byte[] {10, 0, (byte) (number >> 8), (byte) number};
    }
}
