package io.memberlist.wire;

import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.WireException.Reason;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that are one map. What a map lacks stays at its zero, what nobody knows is skipped. */
final class BodyReader {
    private static final byte[] NO_BYTES = {};

    private BodyReader() {}

    static Message read(int type, MapReader in) throws WireException {
        in.nextMap();
        return switch (type) {
            case MessageType.PING, MessageType.INDIRECT_PING -> ping(type, in);
            case MessageType.ACK -> ack(in);
            case MessageType.NACK -> nack(in);
            case MessageType.SUSPECT, MessageType.DEAD -> accusation(type, in);
            case MessageType.ALIVE -> alive(in);
            case MessageType.ERROR -> error(in);
            default -> throw new WireException(Reason.UNSUPPORTED, "message type (" + type + ") not supported");
        };
    }

    private static Message ping(int type, MapReader in) throws WireException {
        boolean indirect = type == MessageType.INDIRECT_PING;
        long sequence = 0;
        String node = "";
        byte[] target = NO_BYTES;
        int port = 0;
        boolean nack = false;
        byte[] sourceAddress = NO_BYTES;
        int sourcePort = 0;
        String sourceNode = "";
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (indirect ? key : directPingKey(key)) {
                case "SeqNo" -> sequence = in.u32(key);
                case "Node" -> node = in.string(key);
                case "SourceAddr" -> sourceAddress = in.bytes(key);
                case "SourcePort" -> sourcePort = in.u16(key);
                case "SourceNode" -> sourceNode = in.string(key);
                case "Target" -> target = in.bytes(key);
                case "Port" -> port = in.u16(key);
                case "Nack" -> nack = in.bool(key);
                default -> in.skip();
            }
        }
        Source source = source(sourceAddress, sourcePort, sourceNode);
        return indirect
                ? new IndirectPing(sequence, target, port, node, nack, source)
                : new Ping(sequence, node, source);
    }

    /** A direct ping lacks three fields of an indirect one: there they are unknown. */
    private static String directPingKey(String key) {
        return switch (key) {
            case "Target", "Port", "Nack" -> "";
            default -> key;
        };
    }

    /** As in the Go library, an answer goes to the packet's source unless address and port are both told. */
    private static @Nullable Source source(byte[] address, int port, String node) {
        boolean usable = (address.length == 4 || address.length == 16) && port > 0;
        return usable ? new Source(address, port, node) : null;
    }

    private static Message ack(MapReader in) throws WireException {
        long sequence = 0;
        byte[] payload = NO_BYTES;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "SeqNo" -> sequence = in.u32(key);
                case "Payload" -> payload = in.bytes(key);
                default -> in.skip();
            }
        }
        return new Ack(sequence, payload);
    }

    private static Message nack(MapReader in) throws WireException {
        long sequence = 0;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "SeqNo" -> sequence = in.u32(key);
                default -> in.skip();
            }
        }
        return new Nack(sequence);
    }

    private static Message accusation(int type, MapReader in) throws WireException {
        long incarnation = 0;
        String node = "";
        String from = "";
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "Incarnation" -> incarnation = in.u32(key);
                case "Node" -> node = in.string(key);
                case "From" -> from = in.string(key);
                default -> in.skip();
            }
        }
        return type == MessageType.DEAD ? new Dead(incarnation, node, from) : new Suspect(incarnation, node, from);
    }

    private static Message alive(MapReader in) throws WireException {
        long incarnation = 0;
        String node = "";
        byte[] address = NO_BYTES;
        int port = 0;
        byte[] meta = NO_BYTES;
        byte[] versions = NO_BYTES;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "Incarnation" -> incarnation = in.u32(key);
                case "Node" -> node = in.string(key);
                case "Addr" -> address = in.bytes(key);
                case "Port" -> port = in.u16(key);
                case "Meta" -> meta = in.bytes(key);
                case "Vsn" -> versions = in.bytes(key);
                default -> in.skip();
            }
        }
        return new Alive(incarnation, node, address, port, meta, versions);
    }

    private static Message error(MapReader in) throws WireException {
        String error = "";
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "Error" -> error = in.string(key);
                default -> in.skip();
            }
        }
        return new ErrorMessage(error);
    }

    /** {@return the member that the next map of a push/pull describes} */
    static PushPullNode node(MapReader in) throws WireException {
        in.nextMap();
        String name = "";
        byte[] address = NO_BYTES;
        int port = 0;
        byte[] meta = NO_BYTES;
        long incarnation = 0;
        int state = 0;
        byte[] versions = NO_BYTES;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "Name" -> name = in.string(key);
                case "Addr" -> address = in.bytes(key);
                case "Port" -> port = in.u16(key);
                case "Meta" -> meta = in.bytes(key);
                case "Incarnation" -> incarnation = in.u32(key);
                case "State" -> state = (int) in.integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case "Vsn" -> versions = in.bytes(key);
                default -> in.skip();
            }
        }
        return new PushPullNode(name, address, port, meta, incarnation, state, versions);
    }
}
