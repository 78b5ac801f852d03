package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Answers pings, and pings others on behalf of members that got no ack. */
final class PingResponder {
    private static final byte[] NO_PAYLOAD = new byte[0];

    private final Context context;
    private final PacketSender sender;
    private final PendingAcks acks;
    private final AckPayload payload;
    private final InetSocketAddress self;

    PingResponder(Context context, PacketSender sender, PendingAcks acks, AckPayload payload, InetSocketAddress self) {
        this.context = context;
        this.sender = sender;
        this.acks = acks;
        this.payload = payload;
        this.self = self;
    }

    /** {@return the source to put into this member's own pings} */
    Source source() {
        return new Source(self.getAddress().getAddress(), self.getPort(), context.self());
    }

    void ping(InetSocketAddress from, Ping ping) {
        if (!isForMe(ping)) {
            context.log()
                    .dropped(
                            DropReason.WRONG_NODE,
                            "Got ping for unexpected node from=" + Addresses.text(from),
                            ping.node());
            return;
        }
        sender.send(answerTo(from, ping.source()), new Ack(ping.sequence(), payload.current()));
    }

    /** {@return whether a ping is for this member; one without a name is for whoever receives it} */
    boolean isForMe(Ping ping) {
        // A member restarted under another name must not keep its former self alive.
        return ping.node().isEmpty() || ping.node().equals(context.self());
    }

    void indirectPing(InetSocketAddress from, IndirectPing request) {
        int port = request.port() == 0 || context.config().protocol().version() < 2 ? self.getPort() : request.port();
        if (!Addresses.valid(request.target(), port)) {
            context.log()
                    .dropped(
                            DropReason.BAD_ADDRESS,
                            "indirect ping from=" + Addresses.text(from),
                            request.target().length + " address bytes");
            return;
        }
        Recipient asker = answerTo(from, request.source());
        long sequence = acks.nextSequence();
        acks.await(sequence, context.config().probe().timeout().toNanos(), new PendingAcks.AckListener() {
            @Override
            public void acked(byte[] ackPayload, long receivedNanos) {
                sender.send(asker, new Ack(request.sequence(), NO_PAYLOAD));
            }

            @Override
            public void timedOut() {
                if (request.nack()) {
                    sender.send(asker, new Nack(request.sequence()));
                }
            }
        });
        sender.send(
                new Recipient(Addresses.of(request.target(), port), request.node()),
                new Ping(sequence, request.node(), source()));
    }

    private static Recipient answerTo(InetSocketAddress from, @Nullable Source source) {
        if (source == null) {
            return Recipient.at(from);
        }
        boolean known = Addresses.valid(source.address(), source.port());
        return new Recipient(known ? Addresses.of(source.address(), source.port()) : from, source.node());
    }
}
