package io.memberlist.messaging;

import io.memberlist.config.MemberlistConfig;

/** What the parts of one member's messaging share. */
record MessagingParts(
        MessagingPort port,
        MemberlistConfig config,
        Origin self,
        MessagingCounters counters,
        Subscriptions subscriptions,
        Origins origins,
        Store store,
        Outbox outbox,
        StreamLane streams,
        Peers peers,
        Fetches fetches,
        Digests digests,
        Gaps gaps) {
    static MessagingParts of(
            MessagingPort port, MemberlistConfig config, MessagingCounters counters, Subscriptions subscriptions) {
        Origin self = Origin.ofThisLife(config.nodeName(), port.loop());
        long lifeNanos = config.messaging().storeAge().toNanos();
        Origins origins = new Origins(
                () -> Math.max(
                        config.messaging().maxOrigins(), 2 * port.others().size()),
                lifeNanos,
                name -> port.member(name) != null);
        Store store = new Store(port.loop(), config.messaging().storeSize(), lifeNanos);
        Outbox outbox = new Outbox(port, config.messaging().packetRate(), port::others);
        Peers peers = new Peers(port.loop(), lifeNanos);
        StreamLane streams = new StreamLane(
                port,
                config.messaging().streamConcurrency(),
                config.messaging().queueDepth(),
                peers::takesBundles,
                counters);
        Fetches fetches = new Fetches(
                port,
                self,
                store,
                origins,
                outbox,
                streams,
                counters,
                config.messaging().queueDepth(),
                config.network().tcpTimeout().toNanos());
        Digests digests = new Digests(
                port,
                self,
                store,
                fetches,
                outbox,
                peers,
                counters.repaired::sum,
                config.gossip().interval().toNanos());
        Gaps gaps = new Gaps(port, fetches, digests::somebody);
        return new MessagingParts(
                port,
                config,
                self,
                counters,
                subscriptions,
                origins,
                store,
                outbox,
                streams,
                peers,
                fetches,
                digests,
                gaps);
    }

    /** {@return how long a message waits for a large one before it} */
    long behindLargeNanos() {
        return Math.max(
                config.network().tcpTimeout().toNanos(),
                config.messaging().holdBack().toNanos());
    }
}
