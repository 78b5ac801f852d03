package io.memberlist.messaging;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.broadcast.Broadcasts;
import io.memberlist.messaging.config.MessagingConfig;
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
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.messaging.repair.Peers;
import io.memberlist.messaging.repair.Repair;
import java.net.InetSocketAddress;

/** The messaging of one life of one member, put together. To be made and used on the loop. */
final class MessagingNode {
    private final ExtensionContext context;
    private final Subscriptions subscriptions;
    private final Sending sending;
    private final Repair repair;
    private final Broadcasts broadcasts;
    private final Directs directs;
    private final OutgoingMessages outgoing;

    MessagingNode(
            ExtensionContext context, MessagingConfig config, MessagingCounters counters, Subscriptions subscriptions) {
        this.context = context;
        this.subscriptions = subscriptions;
        Peers peers = new Peers(context.loop());
        this.sending = Sending.of(context, config, counters, peers::takesBundles);
        this.repair = Repair.of(
                sending,
                peers,
                topic -> subscriptions.room(topic, context.loop().nanoTime()));
        this.broadcasts = new Broadcasts(sending, repair, subscriptions);
        this.directs = new Directs(sending, subscriptions);
        this.outgoing = new OutgoingMessages(sending, broadcasts, directs);
    }

    /** {@return the member that this is about} From any thread. */
    ExtensionContext context() {
        return context;
    }

    /** {@return what sends for the application} From any thread. */
    OutgoingMessages outgoing() {
        return outgoing;
    }

    /** {@return what was counted, and what this life holds} From any thread. */
    MessagingStatistics statistics() {
        return sending.counters()
                .statistics(
                        outgoing.waiting(),
                        repair.store().size(),
                        repair.store().bytes(),
                        broadcasts.held(),
                        repair.origins().size());
    }

    /** Takes a cluster message. */
    void received(byte[] payload, Arrival arrival) {
        try {
            int kind = EnvelopeFormat.kind(payload);
            switch (kind) {
                case EnvelopeFormat.DIGEST, EnvelopeFormat.FETCH -> inventory(Inventory.read(payload), payload);
                case EnvelopeFormat.BUNDLE -> bundle(payload, arrival);
                default -> message(EnvelopeFormat.read(payload), arrival);
            }
        } catch (EnvelopeException e) {
            sending.counters().drop(e.reason());
            context.warn(e.reason(), "dropped a cluster message", e.getMessage());
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
        Member from = context.member(inventory.sender().name());
        if (from == null) {
            return;
        }
        repair.peers().heard(from.name());
        if (!from.state().isLive() || inventory.sender().equals(sending.self())) {
            return;
        }
        boolean proved = sending.tokens().proves(inventory);
        if (proved) {
            repair.peers().proved(inventory.sender());
        }
        if (inventory.askAgain()) {
            repair.digests().askedAgain(from);
        } else if (!proved) {
            repair.digests().askToProve(from);
        } else if (inventory.kind() == EnvelopeFormat.DIGEST) {
            repair.digests().received(from, inventory);
        } else {
            repair.fetches().serve(from, inventory);
        }
    }

    private void takesBundles(Origin sender, byte[] payload) {
        if (EnvelopeFormat.saysThatItTakesBundles(payload) && context.member(sender.name()) != null) {
            repair.peers().heardToTakeBundles(sender.name());
        }
    }

    /** Tells the member at that address what is here, after a state exchange with it. */
    void stateExchanged(InetSocketAddress with) {
        if (repair.store().size() == 0 && !subscriptions.any()) {
            return;
        }
        Member partner = context.memberAt(with);
        if (partner != null) {
            repair.digests().exchange(partner);
        }
    }

    /** Takes in that another member has joined, failed, left or changed. */
    void memberChanged(MemberEvent event) {
        if (event instanceof MemberEvent.Joined joined) {
            repair.peers().returned(joined.member().name());
        }
    }

    /** Stops everything; nothing is sent any more, and no timer is left that does anything. */
    void stop() {
        repair.stop();
        sending.stop();
        broadcasts.stop();
        directs.stop();
    }
}
