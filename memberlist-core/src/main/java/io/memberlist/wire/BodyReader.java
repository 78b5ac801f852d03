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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that are one map. What a map lacks stays at its zero, what nobody knows is skipped. */
final class BodyReader {
    private static final byte[] NO_BYTES = {};
    /** What a member in a push/pull has at least, unless fields are left out. */
    private static final int USUAL_NODE_BYTES = 64;
    /** Protocol min, max and current, and the same of the delegate; the Go library forgets what comes behind them, too. */
    private static final int VERSIONS = 6;

    private BodyReader() {}

    static Message read(int type, MapReader in) throws WireException {
        in.nextMap();
        return switch (type) {
            case MessageType.PING, MessageType.INDIRECT_PING -> ping(type, in);
            case MessageType.ACK -> ack(in);
            case MessageType.NACK -> nack(in);
            case MessageType.SUSPECT, MessageType.DEAD -> suspectOrDead(type, in);
            case MessageType.ALIVE -> alive(in);
            case MessageType.ERROR -> error(in);
            default -> throw new WireException(Reason.UNSUPPORTED, "message type (" + type + ") not supported");
        };
    }

    private static Message ping(int type, MapReader in) throws WireException {
        long sequence = 0;
        String node = "";
        byte[] target = NO_BYTES;
        int port = 0;
        boolean nack = false;
        byte[] sourceAddress = NO_BYTES;
        int sourcePort = 0;
        String sourceNode = "";
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (type == MessageType.PING ? directPingField(field) : field) {
                case SEQ_NO -> sequence = in.u32(field);
                case NODE -> node = in.string(field);
                case SOURCE_ADDR -> sourceAddress = in.bytes(field);
                case SOURCE_PORT -> sourcePort = in.u16(field);
                case SOURCE_NODE -> sourceNode = in.string(field);
                case TARGET -> target = in.bytes(field);
                case PORT -> port = in.u16(field);
                case NACK -> nack = in.bool(field);
                default -> in.skip();
            }
        }
        Source source = source(sourceAddress, sourcePort, sourceNode);
        return type == MessageType.PING
                ? new Ping(sequence, node, source)
                : new IndirectPing(sequence, target, port, node, nack, source);
    }

    /** A direct ping lacks three fields of an indirect one: there they are unknown. */
    private static Field directPingField(Field field) {
        return switch (field) {
            case TARGET, PORT, NACK -> Field.UNKNOWN;
            default -> field;
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
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case SEQ_NO -> sequence = in.u32(field);
                case PAYLOAD -> payload = in.bytes(field);
                default -> in.skip();
            }
        }
        return new Ack(sequence, payload);
    }

    private static Message nack(MapReader in) throws WireException {
        long sequence = 0;
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case SEQ_NO -> sequence = in.u32(field);
                default -> in.skip();
            }
        }
        return new Nack(sequence);
    }

    private static Message suspectOrDead(int type, MapReader in) throws WireException {
        long incarnation = 0;
        String node = "";
        String from = "";
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case INCARNATION -> incarnation = in.u32(field);
                case NODE -> node = in.string(field);
                case FROM -> from = in.string(field);
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
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case INCARNATION -> incarnation = in.u32(field);
                case NODE -> node = in.string(field);
                case ADDR -> address = in.bytes(field);
                case PORT -> port = in.u16(field);
                case META -> meta = in.bytes(field);
                case VSN -> versions = in.firstBytes(field, VERSIONS, NO_BYTES);
                default -> in.skip();
            }
        }
        return new Alive(incarnation, node, address, port, meta, versions);
    }

    private static Message error(MapReader in) throws WireException {
        String error = "";
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case ERROR -> error = in.string(field);
                default -> in.skip();
            }
        }
        return new ErrorMessage(error);
    }

    /**
     * {@return the members that the next maps of a push/pull describe, without those that no cluster has} They share the bytes
     * that one has in common with the one before it, as most versions and much metadata are.
     */
    static List<PushPullNode> nodes(MapReader in, int count) throws WireException {
        // No more room than for what the bytes that are here can hold, whatever number was announced.
        List<PushPullNode> nodes = new ArrayList<>(Math.min(count, in.remaining() / USUAL_NODE_BYTES));
        PushPullNode last = new PushPullNode("", NO_BYTES, 0, NO_BYTES, 0, 0, NO_BYTES);
        for (int i = 0; i < count; i++) {
            PushPullNode next = node(in, last);
            if (next != null) {
                nodes.add(next);
                last = next;
            }
        }
        return nodes;
    }

    /** {@return the member that the next map describes; null if it has no name, or too long a field} */
    private static @Nullable PushPullNode node(MapReader in, PushPullNode last) throws WireException {
        in.nextMap();
        @Nullable String name = null;
        byte @Nullable [] address = NO_BYTES;
        int port = 0;
        byte @Nullable [] meta = NO_BYTES;
        long incarnation = 0;
        int state = 0;
        byte[] versions = NO_BYTES;
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case NAME -> name = in.string(field, Message.MAX_MEMBER_FIELD);
                case ADDR -> address = in.bytes(field, last.address(), Message.MAX_MEMBER_FIELD);
                case PORT -> port = in.u16(field);
                case META -> meta = in.bytes(field, last.meta(), Message.MAX_MEMBER_FIELD);
                case INCARNATION -> incarnation = in.u32(field);
                case STATE -> state = (int) in.integer(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case VSN -> versions = in.firstBytes(field, VERSIONS, last.versions());
                default -> in.skip();
            }
        }
        if (name == null || name.isEmpty() || address == null || meta == null) {
            return null;
        }
        return new PushPullNode(name, address, port, meta, incarnation, state, versions);
    }
}
