package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportDrop;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireException.Reason;
import java.net.InetSocketAddress;
import java.util.List;

/** Takes packets apart and hands each message to the part of the protocol that it concerns. */
final class PacketReceiver implements TransportListener {
    private final Context context;
    private final Labels labels;
    private final Membership membership;
    private final Pinger pinger;
    private final UnknownPinger unknownPinger;
    private final StreamServer streams;

    // Each message goes to the part of the protocol that it concerns.
    PacketReceiver(
            Context context,
            Labels labels,
            Membership membership,
            Pinger pinger,
            UnknownPinger unknownPinger,
            StreamServer streams) {
        this.unknownPinger = unknownPinger;
        this.context = context;
        this.labels = labels;
        this.membership = membership;
        this.pinger = pinger;
        this.streams = streams;
    }

    @Override
    public void dropped(InetSocketAddress peer, TransportDrop reason, int count, String detail) {
        switch (reason) {
            case NOT_TRUSTED -> dropped(count, DropReason.NOT_TRUSTED, LogEvent.PEER_NOT_TRUSTED, peer, detail);
            case MALFORMED -> dropped(count, DropReason.MALFORMED, LogEvent.CONNECTION_MALFORMED, peer, detail);
            case TOO_LARGE -> dropped(count, DropReason.TOO_LARGE, LogEvent.CONNECTION_MALFORMED, peer, detail);
            case SEND_QUEUE_FULL -> dropped(count, DropReason.SEND_QUEUE_FULL, LogEvent.SEND_QUEUE_FULL, peer, detail);
            case UNREACHABLE -> dropped(count, DropReason.SEND_FAILED, LogEvent.PACKETS_LOST, peer, detail);
        }
    }

    private void dropped(int count, DropReason reason, LogEvent event, InetSocketAddress peer, String detail) {
        for (int i = 1; i < count; i++) {
            context.counters().drop(reason);
        }
        context.dropped(reason, event, peer, detail);
    }

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        return streams.accept(from);
    }

    private boolean blocked(InetSocketAddress from) {
        if (context.allows(from.getAddress())) {
            return false;
        }
        context.dropped(DropReason.NOT_ALLOWED, LogEvent.PACKET_BLOCKED, from);
        return true;
    }

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
        if (blocked(from)) {
            return;
        }
        context.counters().packetsReceived.increment();
        context.counters().bytesReceived.add(packet.length);
        try {
            Labels.Codecs codecs = labels.reading(packet);
            if (codecs == null) {
                throw new WireException(Reason.TRUNCATED, "the label of a packet is incomplete");
            }
            List<Message> messages = codecs.packets().decode(packet, fault -> dropped(from, fault));
            labels.heard(from, codecs);
            Teller teller = Teller.ofPacket(from, context.table(), packet.length);
            boolean pinged = false;
            for (Message message : messages) {
                boolean ping = message instanceof Ping || message instanceof IndirectPing;
                if (ping && pinged) {
                    // No member puts two into a packet: each would be answered with a packet.
                    context.dropped(DropReason.RATE_LIMITED, LogEvent.PINGS_IN_PACKET, from);
                    continue;
                }
                pinged |= ping;
                handle(from, teller, message, receivedNanos);
            }
        } catch (WireException e) {
            dropped(from, e);
        }
    }

    private void handle(InetSocketAddress from, Teller teller, Message message, long receivedNanos) {
        if (message instanceof Ping ping) {
            if (ping.node().equals(context.self())) {
                context.counters().pingsReceived.increment();
            }
            pinger.pingReceived(from, ping);
            if (ping.source() != null) {
                membership.pingReceivedFrom(ping.source());
                unknownPinger.pinged(ping);
                if (ping.node().equals(context.self())) {
                    membership.dispute().pingReceived(ping.source());
                }
            }
        } else if (message instanceof Ack ack) {
            context.acks().acked(ack, receivedNanos);
        } else if (message instanceof IndirectPing ping) {
            pinger.indirectPingReceived(from, ping);
        } else if (message instanceof Nack nack) {
            context.acks().nacked(nack.sequence());
        } else if (message instanceof Alive alive) {
            membership.alive(teller, alive);
        } else if (message instanceof Suspect suspect) {
            membership.suspect(suspect);
        } else if (message instanceof Dead dead) {
            membership.dead(dead);
        } else if (message instanceof UserMessage user) {
            context.userMessages().packet(user.payload());
        }
    }

    private void dropped(InetSocketAddress from, WireException fault) {
        context.dropped(
                WireFaults.reason(fault), WireFaults.inPacket(fault), from, Remedies.of(fault, context.config()));
    }
}
