package io.memberlist.sample.network;

import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.WireException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Decodes the packets of one member with its own keys, and reports their content. */
final class PacketTap {
    private final PacketCodec codec;
    private final Consumer<Hop> sink;

    /**
     * @param config the configuration of the member whose packets are decoded
     * @param sink called on the event loop of the member
     */
    PacketTap(MemberlistConfig config, Consumer<Hop> sink) {
        this.codec = new PacketCodec(SimulatorAccess.wireFormat(config), nonce -> {
            throw new IllegalStateException("a watcher sends nothing");
        });
        this.sink = sink;
    }

    void packet(InetSocketAddress from, InetSocketAddress to, byte[] packet, boolean lost) {
        List<Message> messages;
        try {
            messages = codec.decode(packet, fault -> {});
        } catch (WireException e) {
            return; // this member cannot decode it either, and logs that itself
        }
        // one hop for each kind: a packet may carry a dozen messages
        Map<Hop.Kind, Hop> hops = new EnumMap<>(Hop.Kind.class);
        for (Message message : messages) {
            Hop hop = new Hop(from, to, kind(message), about(message), sequence(message), lost);
            hops.putIfAbsent(hop.kind(), hop);
        }
        hops.values().forEach(sink);
    }

    void stream(InetSocketAddress from, InetSocketAddress to, boolean lost) {
        sink.accept(new Hop(from, to, Hop.Kind.STREAM, "", 0, lost));
    }

    private static Hop.Kind kind(Message message) {
        if (message instanceof Ping) {
            return Hop.Kind.PROBE;
        } else if (message instanceof IndirectPing) {
            return Hop.Kind.INDIRECT_PROBE;
        } else if (message instanceof Ack) {
            return Hop.Kind.ACK;
        } else if (message instanceof Nack) {
            return Hop.Kind.NACK;
        } else if (message instanceof UserMessage user) {
            return EnvelopeHeader.isDigest(user.payload()) ? Hop.Kind.DIGEST : Hop.Kind.MESSAGE;
        }
        return Hop.Kind.NEWS;
    }

    private static String about(Message message) {
        if (message instanceof Ping ping) {
            return ping.node();
        } else if (message instanceof IndirectPing ping) {
            return ping.node();
        } else if (message instanceof Suspect suspect) {
            return suspect.node();
        } else if (message instanceof Dead dead) {
            return dead.node();
        } else if (message instanceof Alive alive) {
            return alive.node();
        } else if (message instanceof UserMessage user) {
            return EnvelopeHeader.broadcastId(user.payload());
        }
        return "";
    }

    private static long sequence(Message message) {
        if (message instanceof Ping ping) {
            return ping.sequence();
        } else if (message instanceof IndirectPing ping) {
            return ping.sequence();
        } else if (message instanceof Ack ack) {
            return ack.sequence();
        } else if (message instanceof Nack nack) {
            return nack.sequence();
        }
        return 0;
    }
}
