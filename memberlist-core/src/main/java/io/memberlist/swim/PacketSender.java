package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Puts messages into packets, with waiting broadcasts in the space they leave, and sends them. */
final class PacketSender {
    private static final int MAX_PARTS = 255;
    private static final int CHECKSUM_SINCE = 5;

    private final Context context;
    private final Transport transport;
    private final PacketCodec codec;
    private final Dissemination dissemination;

    PacketSender(Context context, Transport transport, PacketCodec codec, Dissemination dissemination) {
        this.context = context;
        this.transport = transport;
        this.codec = codec;
        this.dissemination = dissemination;
    }

    /** Sends a message, and broadcasts with it as far as they fit. */
    void send(Recipient to, Message message) {
        send(to, message, Completion.IGNORED);
    }

    /** Sends a message, and broadcasts with it as far as they fit. */
    void send(Recipient to, Message message, Completion<Void> completion) {
        byte[] first = MessageCodec.encode(message);
        List<byte[]> parts = new ArrayList<>();
        parts.add(first);
        parts.addAll(dissemination.take(
                "", PacketCodec.COMPOUND_ENTRY, capacity(false) - first.length - PacketCodec.COMPOUND_ENTRY));
        send(to, parts, false, completion);
    }

    /** Sends a message and nothing else with it, for a receiver that may not be a member. */
    void sendAlone(Recipient to, Message message) {
        send(to, List.of(MessageCodec.encode(message)), false, Completion.IGNORED);
    }

    /** Sends messages in one packet and nothing else with them. */
    void sendTogether(MemberRecord to, Completion<Void> completion, Message... messages) {
        List<byte[]> parts = new ArrayList<>();
        for (Message message : messages) {
            parts.add(MessageCodec.encode(message));
        }
        send(to.recipient(), parts, understandsChecksums(to), completion);
    }

    /**
     * Sends a packet full of broadcasts, if any wait. No member gets the message that it is alive itself: in a small
     * cluster, where a broadcast goes out only a few times, the Go library spends a good part of them on that.
     *
     * @param completion called, perhaps at once, when nothing is left to be sent
     */
    void gossip(MemberRecord to, Completion<Void> completion) {
        boolean checksum = understandsChecksums(to);
        // In a cluster of two the other member gets it all the same, so that the broadcast is finished some day.
        String knowing = context.table().size() > 2 ? to.name() : "";
        List<byte[]> parts = dissemination.take(knowing, PacketCodec.COMPOUND_ENTRY, capacity(checksum));
        if (parts.isEmpty()) {
            completion.done(null, null);
        } else {
            send(to.recipient(), parts, checksum, completion);
        }
    }

    /** Sends a user message as it is. */
    void sendUser(Recipient to, int protocolMax, byte[] encoded, Completion<Void> completion) {
        send(to, codec.encode(List.of(encoded), protocolMax >= CHECKSUM_SINCE), completion);
    }

    /** Sends each member one packet with these user messages, which is encoded once for all that take the same form. */
    void sendUsers(Collection<Member> to, List<byte[]> messages, Completion<Void> completion) {
        List<byte[]> parts = new ArrayList<>(messages.size());
        for (byte[] message : messages) {
            parts.add(MessageCodec.encode(new UserMessage(message)));
        }
        byte[] plain = null;
        byte[] checked = null;
        int left = to.size();
        for (Member member : to) {
            boolean checksum = member.versions().protocolMax() >= CHECKSUM_SINCE;
            if (checksum && checked == null) {
                checked = codec.encode(parts, true);
            } else if (!checksum && plain == null) {
                plain = codec.encode(parts, false);
            }
            byte[] packet = Objects.requireNonNull(checksum ? checked : plain);
            left--;
            send(new Recipient(member.address(), member.name()), packet, left == 0 ? completion : Completion.IGNORED);
        }
    }

    /** {@return the longest encoded message that fits a packet of its own} */
    int maxMessage() {
        return context.config().network().udpBufferSize() - codec.overhead(true);
    }

    static boolean understandsChecksums(MemberRecord member) {
        return member.protocolMax() >= CHECKSUM_SINCE;
    }

    /** {@return the bytes that a packet of several messages has for them and what is around each} */
    int capacity(boolean checksum) {
        return context.config().network().udpBufferSize() - codec.overhead(checksum) - PacketCodec.COMPOUND_HEADER;
    }

    /** @param completion called when the last packet has left; packets leave in their order */
    private void send(Recipient to, List<byte[]> parts, boolean checksum, Completion<Void> completion) {
        for (int from = 0; from < parts.size(); from += MAX_PARTS) {
            int end = Math.min(parts.size(), from + MAX_PARTS);
            byte[] packet = codec.encode(parts.subList(from, end), checksum);
            send(to, packet, end == parts.size() ? completion : Completion.IGNORED);
        }
    }

    private void send(Recipient to, byte[] packet, Completion<Void> completion) {
        if (context.lacksName(to)) {
            TransportException failure = Addresses.noName(to.address());
            context.log().dropped(DropReason.SEND_FAILED, "a packet could not be sent", failure.getMessage());
            context.loop().execute(() -> completion.done(null, failure));
            return;
        }
        context.counters().packetsSent.increment();
        context.counters().bytesSent.add(packet.length);
        boolean[] done = new boolean[1];
        Completion<Void> counted = (nothing, failure) -> {
            // Probes and gossip count what has left: a transport that says so twice must not confuse them.
            if (done[0]) {
                return;
            }
            done[0] = true;
            if (failure != null) {
                context.log().dropped(DropReason.SEND_FAILED, "a packet could not be sent", failure.getMessage());
            }
            completion.done(null, failure);
        };
        try {
            transport.sendPacket(to, packet, counted);
        } catch (RuntimeException e) {
            // The transport may be the application's own; probes and gossip wait for the completion.
            context.loop().execute(() -> counted.done(null, e));
        }
    }
}
