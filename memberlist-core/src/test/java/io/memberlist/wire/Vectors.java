package io.memberlist.wire;

import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bytes that the Go library wrote, with their fields. */
final class Vectors {
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> ARRAYS = List.of("Addr", "Meta", "Payload", "SourceAddr", "Target", "Vsn");

    private Vectors() {}

    record Vector(String name, byte[] bytes, JsonNode fields) {
        byte[] hex(String field) {
            return Vectors.hex(fields.path(field));
        }

        String text(String field) {
            return fields.path(field).asString("");
        }

        long number(String field) {
            return fields.path(field).asLong(0);
        }

        /**
         * {@return whether Go wrote an empty array where this library writes nil, or nil where it writes an empty array,
         * as it does in the members of a push/pull} Both mean the same.
         */
        boolean differsInNil() {
            Stream<JsonNode> members = fields.path("Nodes").valueStream();
            return ARRAYS.stream()
                            .anyMatch(
                                    field -> fields.path(field).asString("nil").isEmpty())
                    || members.anyMatch(member ->
                            ARRAYS.stream().anyMatch(field -> member.path(field).isNull()));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Vector> all() {
        try (InputStream in = Vectors.class.getResourceAsStream("/wire-vectors.json")) {
            List<Vector> all = new ArrayList<>();
            for (JsonNode node : JsonMapper.shared().readTree(Objects.requireNonNull(in))) {
                all.add(new Vector(node.path("name").asString(), hex(node.path("hex")), node.path("fields")));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Vector> named(String... names) {
        List<String> wanted = List.of(names);
        return all().stream().filter(v -> wanted.contains(v.name())).toList();
    }

    static byte[] hex(JsonNode node) {
        return HEX.parseHex(node.asString(""));
    }

    static byte[] hex(String digits) {
        return HEX.parseHex(digits.replace(" ", ""));
    }

    /** The message with the fields of the vector. */
    static Message message(Vector v) {
        return switch (v.name()) {
            case "ping", "ping-without-source" -> new Ping(v.number("SeqNo"), v.text("Node"), source(v));
            case "indirectPing" ->
                new IndirectPing(
                        v.number("SeqNo"),
                        v.hex("Target"),
                        (int) v.number("Port"),
                        v.text("Node"),
                        v.fields().path("Nack").asBoolean(),
                        source(v));
            case "ackResp", "ackResp-nil" -> new Ack(v.number("SeqNo"), v.hex("Payload"));
            case "nackResp" -> new Nack(v.number("SeqNo"));
            case "suspect" -> new Suspect(v.number("Incarnation"), v.text("Node"), v.text("From"));
            case "dead" -> new Dead(v.number("Incarnation"), v.text("Node"), v.text("From"));
            case "alive", "alive-ipv6" ->
                new Alive(
                        v.number("Incarnation"),
                        v.text("Node"),
                        v.hex("Addr"),
                        (int) v.number("Port"),
                        v.hex("Meta"),
                        v.hex("Vsn"));
            case "err" -> new ErrorMessage(v.text("Error"));
            case "stream-userMsg" -> new UserMessage(v.hex("payload"));
            case "stream-pushPull" -> {
                List<PushPullNode> nodes = new ArrayList<>();
                for (JsonNode n : v.fields().path("Nodes")) {
                    nodes.add(new PushPullNode(
                            n.path("Name").asString(),
                            hex(n.path("Addr")),
                            n.path("Port").asInt(),
                            hex(n.path("Meta")),
                            n.path("Incarnation").asLong(),
                            n.path("State").asInt(),
                            hex(n.path("Vsn"))));
                }
                yield new PushPull(v.fields().path("Join").asBoolean(), nodes, v.hex("UserState"));
            }
            default -> throw new IllegalArgumentException(v.name());
        };
    }

    private static @Nullable Source source(Vector v) {
        return v.fields().has("SourceAddr")
                ? new Source(v.hex("SourceAddr"), (int) v.number("SourcePort"), v.text("SourceNode"))
                : null;
    }
}
