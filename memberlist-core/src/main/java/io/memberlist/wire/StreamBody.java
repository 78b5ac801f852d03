package io.memberlist.wire;

import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The messages of streams without their wrappers. */
final class StreamBody {
    private StreamBody() {}

    /** {@return type byte and body; those of {@link MessageCodec} where streams have no form of their own} */
    static byte[] encode(Message message) {
        if (message instanceof PushPull state) {
            return pushPull(state);
        } else if (message instanceof UserMessage user) {
            return new MapWriter(MessageType.USER)
                    .map(1)
                    .signed("UserMsgLen", user.payload().length)
                    .raw(user.payload())
                    .toBytes();
        } else if (message instanceof ErrorMessage error) {
            return new MapWriter(MessageType.ERROR)
                    .map(1)
                    .string("Error", error.error())
                    .toBytes();
        }
        return MessageCodec.encode(message);
    }

    private static byte[] pushPull(PushPull state) {
        MapWriter out = new MapWriter(MessageType.PUSH_PULL)
                .map(3)
                .bool("Join", state.join())
                .signed("Nodes", state.nodes().size())
                .signed("UserStateLen", state.userState().length);
        for (PushPullNode node : state.nodes()) {
            out.map(7)
                    .bytes("Addr", node.address())
                    .u32("Incarnation", node.incarnation())
                    // the Go library has an empty array here where alive has nil, and reads both as the same
                    .bytesOrEmpty("Meta", node.meta())
                    .string("Name", node.name())
                    .u16("Port", node.port())
                    .signed("State", node.state())
                    .bytes("Vsn", node.versions());
        }
        return out.raw(state.userState()).toBytes();
    }

    static Message decode(byte[] bytes, int offset, int limit, WireLimits limits) throws WireException {
        if (offset >= limit) {
            throw new WireException(Reason.TRUNCATED, "missing message type byte");
        }
        int type = bytes[offset] & 0xff;
        MapReader in = new MapReader(bytes, offset + 1, limit);
        return switch (type) {
            case MessageType.PING, MessageType.ACK, MessageType.ERROR -> BodyReader.read(type, in);
            case MessageType.USER, MessageType.PUSH_PULL -> {
                StreamHeader header = StreamHeader.read(type, in, limits);
                List<PushPullNode> nodes = new ArrayList<>();
                for (int i = 0; i < header.nodes(); i++) {
                    nodes.add(BodyReader.node(in));
                }
                byte[] tail = tail(bytes, in.position(), limit, header.tail());
                yield type == MessageType.USER ? new UserMessage(tail) : new PushPull(header.join(), nodes, tail);
            }
            default -> throw unsupported(type);
        };
    }

    static WireException unsupported(int type) {
        return new WireException(Reason.UNSUPPORTED, "message type (" + type + ") not supported on a stream");
    }

    private static byte[] tail(byte[] bytes, int offset, int limit, int length) throws WireException {
        if (limit - offset < length) {
            throw new WireException(
                    Reason.TRUNCATED, "failed to read full message (" + (limit - offset) + " / " + length + ")");
        }
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
