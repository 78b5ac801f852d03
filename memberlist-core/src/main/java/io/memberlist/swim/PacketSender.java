package io.memberlist.swim;

import io.memberlist.config.GossipConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts messages into packets, with waiting broadcasts in the space they leave, and sends them. */
final class PacketSender {
    private static final int MAX_PARTS = 255;
    private static final int PROTOCOL_UNKNOWN = 0;

    private final Context context;
    private final Transport transport;
    private final Labels labels;
    private final Dissemination dissemination;
    private final RateLimit besideRounds;

    PacketSender(Context context, Transport transport, Labels labels, Dissemination dissemination) {
        this.context = context;
        this.transport = transport;
        this.labels = labels;
        this.dissemination = dissemination;
        GossipConfig gossip = context.config().gossip();
        this.besideRounds =
                new RateLimit(context.loop(), gossip.nodes(), gossip.interval().toNanos());
    }

    /** Sends a message, and broadcasts with it if they fit and {@link #hearsGossip} is true. */
    void send(Recipient to, Message message) {
        send(to, message, Completion.IGNORED);
    }

    /** Sends a message, and broadcasts with it if they fit and {@link #hearsGossip} is true. */
    void send(Recipient to, Message message, Completion<Void> completion) {
        byte[] first = MessageCodec.encode(message);
        List<byte[]> parts = new ArrayList<>();
        parts.add(first);
        if (hearsGossip(to)) {
            parts.addAll(dissemination.take(
                    "",
                    PacketCodec.COMPOUND_ENTRY,
                    capacity(Checksum.NONE) - first.length - PacketCodec.COMPOUND_ENTRY));
        }
        send(to, PROTOCOL_UNKNOWN, parts, completion);
    }

    /**
     * {@return whether broadcasts go to a receiver beside gossip rounds: it is a live member, had none within the last gossip
     * interval, and no more members had than hear a round} A broadcast goes out a limited number of times. The Go library adds
     * it to the answer to any ping, so a stranger who pings fast enough, or in the names of many members that do not exist, uses
     * up a member's refutation before another member hears it.
     */
    private boolean hearsGossip(Recipient to) {
        MemberRecord record = dissemination.size() == 0 ? null : context.table().live(to);
        return record != null
                && record.mayCarryGossip(
                        context.loop().nanoTime(),
                        context.config().gossip().interval().toNanos())
                && besideRounds.tryAcquire();
    }

    /** Sends a message and nothing else with it, for a receiver that may not be a member. */
    void sendAlone(Recipient to, Message message) {
        send(to, PROTOCOL_UNKNOWN, List.of(MessageCodec.encode(message)), Completion.IGNORED);
    }

    /** Sends messages in one packet and nothing else with them. */
    void sendTogether(MemberRecord to, Completion<Void> completion, Message... messages) {
        List<byte[]> parts = new ArrayList<>();
        for (Message message : messages) {
            parts.add(MessageCodec.encode(message));
        }
        send(to.recipient(), to.protocolMax(), parts, completion);
    }

    /**
     * Sends a packet full of broadcasts, if any wait. No member gets the message that it is alive itself: in a small
     * cluster, where a broadcast goes out only a few times, the Go library spends a good part of them on that.
     *
     * @param completion called, perhaps at once, when nothing is left to be sent
     */
    void gossip(MemberRecord to, Completion<Void> completion) {
        // In a cluster of two the other member gets it all the same, so that the broadcast is finished some day.
        String knowing = context.table().size() > 2 ? to.name() : "";
        List<byte[]> parts = dissemination.take(
                knowing, PacketCodec.COMPOUND_ENTRY, capacity(Checksum.forReceiver(to.protocolMax())));
        if (parts.isEmpty()) {
            completion.done(null, null);
        } else {
            send(to.recipient(), to.protocolMax(), parts, completion);
        }
    }

    /**
     * Sends a user message and nothing else with it.
     *
     * @param protocolMax the highest protocol version that the receiver is known to understand; 0 where it is not known
     * @throws MemberlistException if no packet can carry it
     */
    void sendUser(Recipient to, int protocolMax, byte[] message, Completion<Void> completion) {
        byte[] encoded = MessageCodec.encode(new UserMessage(message));
        int max = maxMessage();
        if (encoded.length > max) {
            throw new MemberlistException("a best-effort message of " + message.length
                    + " bytes does not fit a packet, which takes " + (max - 1)
                    + ": send it reliably, or raise " + context.config().settingName("network.udpBufferSize"));
        }
        send(to, protocolMax, List.of(encoded), completion);
    }

    /** Sends each member one packet with these user messages, which is encoded once for all that take the same form. */
    void sendUsers(Collection<Member> to, List<byte[]> messages, Completion<Void> completion) {
        if (to.isEmpty()) {
            context.loop().execute(() -> completion.done(null, null));
            return;
        }
        List<byte[]> parts = messages.stream()
                .map(message -> MessageCodec.encode(new UserMessage(message)))
                .toList();
        Map<Form, byte[]> packets = new HashMap<>();
        int left = to.size();
        for (Member member : to) {
            left--;
            Recipient recipient = new Recipient(member.address(), member.name());
            Checksum checksum = Checksum.forReceiver(member.versions().protocolMax());
            List<Labels.Codecs> readable = labels.forPackets(member.address());
            for (int i = 0; i < readable.size(); i++) {
                byte[] packet = packets.computeIfAbsent(
                        new Form(readable.get(i).packets(), checksum),
                        form -> encode(form.codec(), parts, form.checksum()));
                boolean last = left == 0 && i == readable.size() - 1;
                send(recipient, packet, last ? completion : Completion.IGNORED);
            }
        }
    }

    /** Compresses only while there is time for it. */
    private byte[] encode(PacketCodec codec, List<byte[]> parts, Checksum checksum) {
        return context.stalls().isLate() ? codec.encodeUncompressed(parts, checksum) : codec.encode(parts, checksum);
    }

    private record Form(PacketCodec codec, Checksum checksum) {}

    /** Notes that a member did not answer: it may read another label now. */
    void unanswered(MemberRecord member) {
        labels.unanswered(member.address());
    }

    /** {@return the longest encoded message that fits a packet of its own} */
    int maxMessage() {
        return context.config().network().udpBufferSize() - labels.overhead(Checksum.CRC32);
    }

    /** {@return the bytes that a packet of several messages has for them and what is around each} */
    int capacity(Checksum checksum) {
        return context.config().network().udpBufferSize() - labels.overhead(checksum) - PacketCodec.COMPOUND_HEADER;
    }

    /** @param completion called when the last packet has left; packets leave in their order */
    private void send(Recipient to, int protocolMax, List<byte[]> parts, Completion<Void> completion) {
        for (int from = 0; from < parts.size(); from += MAX_PARTS) {
            int end = Math.min(parts.size(), from + MAX_PARTS);
            List<Labels.Codecs> readable = labels.forPackets(to.address());
            for (int i = 0; i < readable.size(); i++) {
                byte[] packet =
                        encode(readable.get(i).packets(), parts.subList(from, end), Checksum.forReceiver(protocolMax));
                boolean last = end == parts.size() && i == readable.size() - 1;
                send(to, packet, last ? completion : Completion.IGNORED);
            }
        }
    }

    private void notSent(Recipient to, Throwable failure) {
        context.droppedAbout(
                to.name(), DropReason.SEND_FAILED, LogEvent.PACKET_NOT_SENT, to.address(), failure.getMessage());
    }

    private void send(Recipient to, byte[] packet, Completion<Void> completion) {
        if (to.name() == null && context.config().network().requireNodeNames()) {
            TransportException failure = Addresses.noName(to.address(), context.config());
            notSent(to, failure);
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
            context.stalls().sent();
            if (failure != null) {
                notSent(to, failure);
            }
            completion.done(null, failure);
        };
        context.stalls().sending();
        try {
            transport.sendPacket(to, packet, counted);
        } catch (RuntimeException e) {
            // The transport may be the application's own; probes and gossip wait for the completion.
            context.loop().execute(() -> counted.done(null, e));
        }
    }
}
