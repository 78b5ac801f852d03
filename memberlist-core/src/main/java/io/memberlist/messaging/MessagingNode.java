package io.memberlist.messaging;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.broadcast.Broadcasts;
import io.memberlist.messaging.broadcast.HoldBack;
import io.memberlist.messaging.delivery.Subscriptions;
import io.memberlist.messaging.direct.Directs;
import io.memberlist.messaging.envelope.Bundle;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeException;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.EnvelopeReader;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.metrics.MessagingCounters;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.Peers;
import io.memberlist.messaging.repair.Repair;
import java.net.InetSocketAddress;

/**
 * One member's messaging, put together. Not for applications, which have {@link ClusterMessaging}. To be made and used on
 * the loop, except where a method says otherwise.
 */
public final class MessagingNode {
    private final ExtensionContext port;
    private final Sending sending;
    private final Repair repair;
    private final Subscriptions subscriptions;
    private final Broadcasts broadcasts;
    private final Directs directs;
    private final DefaultClusterMessaging api;

    public MessagingNode(ExtensionContext port, MemberlistConfig config) {
        this.port = port;
        MessagingCounters counters = new MessagingCounters();
        this.subscriptions =
                new Subscriptions(config.nodeName(), config.limits().handoffQueueDepth(), HoldBack.MAX_HELD, counters);
        Peers peers = new Peers(port.loop(), config.messaging().storeAge().toNanos());
        this.sending = Sending.of(port, config, counters, peers::takesBundles);
        this.repair = Repair.of(sending, peers);
        this.broadcasts = new Broadcasts(sending, repair, subscriptions);
        this.directs = new Directs(sending, subscriptions);
        this.api = new DefaultClusterMessaging(sending, repair, subscriptions, broadcasts, directs);
    }

    /** {@return what the application sees; safe from any thread} */
    public ClusterMessaging api() {
        return api;
    }

    /** {@return whether a user message is a cluster message, whatever it is worth} */
    public boolean wants(byte[] payload) {
        return EnvelopeFormat.isEnvelope(payload);
    }

    /** A cluster message has come in a packet. */
    public void packet(byte[] payload) {
        received(payload, Arrival.PACKET);
    }

    /** {@return whether a user message that came over a stream was a cluster message, dropped or not} */
    public boolean stream(byte[] payload) {
        if (!wants(payload)) {
            return false;
        }
        received(payload, Arrival.STREAM);
        return true;
    }

    private void received(byte[] payload, Arrival arrival) {
        try {
            int kind = EnvelopeFormat.kind(payload);
            switch (kind) {
                case EnvelopeFormat.DIGEST, EnvelopeFormat.FETCH -> inventory(Inventory.read(payload), payload);
                case EnvelopeFormat.BUNDLE -> bundle(payload, arrival);
                default -> message(EnvelopeFormat.read(payload), arrival);
            }
        } catch (EnvelopeException e) {
            sending.counters().drop(e.reason());
            port.warn(e.reason(), "dropped a cluster message", e.getMessage());
        }
    }

    /** Over streams only, which cost who opens them: a packet of a few kilobytes may unpack to thousands of messages. */
    private void bundle(byte[] payload, Arrival arrival) throws EnvelopeException {
        if (arrival != Arrival.STREAM) {
            throw EnvelopeReader.malformed("a bundle in a packet");
        }
        Bundle.read(payload).forEach(one -> received(one, arrival));
    }

    private void message(Envelope envelope, Arrival arrival) throws EnvelopeException {
        takesBundles(envelope.origin(), envelope.bytes());
        if (envelope.kind() == EnvelopeFormat.BROADCAST) {
            broadcasts.received(envelope, arrival);
        } else {
            directs.received(envelope, arrival);
        }
    }

    private void inventory(Inventory inventory, byte[] payload) {
        takesBundles(inventory.sender(), payload);
        heard(inventory.sender());
        Member from = port.member(inventory.sender().name());
        if (from == null || !from.state().isLive() || inventory.sender().equals(sending.self())) {
            return;
        }
        if (inventory.kind() == EnvelopeFormat.DIGEST) {
            repair.digests().received(from, inventory);
        } else {
            repair.fetches().serve(from, inventory.entries());
        }
    }

    private void takesBundles(Origin sender, byte[] payload) {
        if (EnvelopeFormat.saysThatItTakesBundles(payload) && port.member(sender.name()) != null) {
            repair.peers().heardToTakeBundles(sender.name());
        }
    }

    private void heard(Origin origin) {
        if (port.member(origin.name()) != null) {
            repair.peers().heard(origin.name());
        }
    }

    /** A push/pull with somebody at that address has ended well. */
    public void exchanged(InetSocketAddress with) {
        if (repair.store().size() == 0 && !subscriptions.any()) {
            return;
        }
        Member partner = port.memberAt(with);
        if (partner != null) {
            repair.digests().exchange(partner);
        }
    }

    /** Stops everything; nothing is sent any more, and no timer is left that does anything. */
    public void stop() {
        repair.stop();
        sending.stop();
        broadcasts.stop();
        directs.stop();
    }
}
