package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.config.MessagingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The configuration that all nodes of a cluster share, drawn from the seed, and the keys that are installed now. */
final class Settings {
    private static final Duration NEVER = Duration.ofDays(365);

    final MemberlistConfig base;
    final boolean encrypted;
    private final MessagingConfig messaging;
    /** How many nodes are seeds. */
    final int seeds;

    /** Whether the engine asks seeds again, or leaves that to the application. */
    final boolean engineAsksSeedsAgain;

    final List<byte[]> keys = new ArrayList<>();

    Settings(Scenario scenario) {
        RandomGenerator random = scenario.source("settings");
        MemberlistConfigBuilder config = random.nextInt(4) == 0 ? MemberlistConfig.local() : MemberlistConfig.lan();
        config.gossip(g -> g.toTheDeadTime(Duration.ofSeconds(random.nextInt(5, 31))))
                .stateSync(s -> s.reconnectInterval(Duration.ofSeconds(random.nextInt(5, 31)))
                        .interval(Duration.ofSeconds(random.nextInt(5, 31))))
                .gossip(g -> g.nodes(random.nextInt(2, 5)))
                .compression(c -> c.enabled(random.nextBoolean()))
                .limits(l -> l.handoffQueueDepth(random.nextInt(3) == 0 ? 8 : 1024))
                .network(n -> n.udpBufferSize(random.nextInt(3) == 0 ? 700 : 1400)
                        .label(random.nextInt(3) == 0 ? "fuzz" : ""));
        if (random.nextInt(3) == 0) {
            config.deadNodeReclaimTime(Duration.ofSeconds(random.nextInt(1, 31)));
        }
        RandomGenerator compression = scenario.source("compression");
        config.compression(
                c -> c.algorithm(compression.nextInt(3) == 0 ? CompressionAlgorithm.SNAPPY : CompressionAlgorithm.LZW));
        RandomGenerator flapping = scenario.source("flapping");
        config.flapping(f -> f.failures(flapping.nextInt(4) == 0 ? 0 : 2)
                .halfLife(Duration.ofSeconds(flapping.nextInt(10, 121)))
                .failAfter(Duration.ofSeconds(flapping.nextInt(0, 31))));
        RandomGenerator application = scenario.source("application");
        seeds = application.nextBoolean() ? 2 : Integer.MAX_VALUE;
        engineAsksSeedsAgain = application.nextInt(3) > 0;
        Duration again = engineAsksSeedsAgain ? Duration.ofSeconds(application.nextInt(5, 61)) : NEVER;
        config.joinRetry(j -> j.initialDelay(engineAsksSeedsAgain ? Duration.ofSeconds(1) : NEVER)
                .maxDelay(again));
        encrypted = random.nextInt(3) == 0;
        keys.add(key(random));
        MemberlistConfig plain = config.nodeName("any").build();
        messaging =
                messaging(scenario.source("messaging settings"), plain.limits().handoffQueueDepth());
        base = withMessaging(plain).build();
    }

    private static MessagingConfig messaging(RandomGenerator random, int handlerQueueDepth) {
        return MessagingConfig.builder()
                .handlerQueueDepth(handlerQueueDepth)
                .storeAge(Duration.ofMinutes(new int[] {2, 5, 30}[random.nextInt(3)]))
                .storeSize(random.nextInt(4) == 0 ? 256 * 1024 : 16 * 1024 * 1024)
                .directTargets(random.nextInt(3) == 0 ? 2 : 256)
                .packetRate(random.nextInt(4) == 0 ? 500 : 10_000)
                .streamConcurrency(random.nextInt(3) == 0 ? 1 : 4)
                .queueDepth(random.nextInt(4) == 0 ? 64 : 4096)
                .holdBack(Duration.ofMillis(new int[] {200, 1000, 3000}[random.nextInt(3)]))
                .build();
    }

    /** Cluster messages belong to one life of one member. */
    private MemberlistConfigBuilder withMessaging(MemberlistConfig config) {
        return config.toBuilder()
                .extensions(List.of(ClusterMessaging.create(messaging).extension()));
    }

    static byte[] key(RandomGenerator random) {
        byte[] key = new byte[16];
        random.nextBytes(key);
        return key;
    }

    MemberlistConfigBuilder builder() {
        MemberlistConfigBuilder builder = withMessaging(base);
        if (encrypted) {
            builder.encryption(e -> e.keyring(io.memberlist.config.Keyring.of(
                    keys.get(0), keys.stream().skip(1).toArray(byte[][]::new))));
        }
        return builder;
    }

    /**
     * {@return the time within which every node must see every other one as it is, after the faults have ended} The
     * longest sequence is: a suspicion without confirmations ends; dead members are removed after the time in which
     * gossip reaches them and a round of probes; a reconnect to a removed member follows after at most ten intervals,
     * with one candidate in a quarter of an interval, and twice, since the member may have to refute its death first;
     * each attempt takes up to two timeouts. Where nobody knows the address of the other side, seeds lead there: of those
     * that have been missing for long, each is asked in its turn. Then push/pulls spread the update. All of it may happen
     * twice: of three sides, two meet first.
     */
    Duration healing(int addresses) {
        long probe = base.probe().interval().toNanos();
        long suspicion = (long) base.suspicion().multiplier() * base.suspicion().maxTimeoutMultiplier() * 2 * probe;
        long round = probe * base.suspicion().awarenessMaxMultiplier() * addresses;
        long reconnect = base.stateSync().reconnectInterval().toNanos();
        long meeting = 2
                * (11 * reconnect
                        + addresses
                                * (reconnect / 4
                                        + 2 * base.network().tcpTimeout().toNanos()));
        long seeking = engineAsksSeedsAgain
                ? 2 * addresses * base.joinRetry().maxDelay().toNanos()
                : 0;
        long spreading = 2 * addresses * base.stateSync().interval().toNanos();
        long dead = base.gossip().toTheDeadTime().toNanos()
                + base.deadNodeReclaimTime().toNanos();
        return Duration.ofNanos(2 * (2 * suspicion + 2 * round + dead + meeting + seeking + spreading));
    }

    /** {@return the settings in one line} */
    String text() {
        return Stream.of(
                        "probe " + base.probe().interval(),
                        base.flapping().isOn()
                                ? "degraded after " + base.flapping().failures() + " failures within "
                                        + base.flapping().halfLife() + ", failed after "
                                        + base.flapping().failAfter()
                                : "nobody degraded",
                        "gossip to " + base.gossip().nodes(),
                        "gossip to the dead " + base.gossip().toTheDeadTime(),
                        "push/pull " + base.stateSync().interval(),
                        "reconnect " + base.stateSync().reconnectInterval(),
                        engineAsksSeedsAgain
                                ? "seeds asked again after " + base.joinRetry().maxDelay()
                                : "seeds asked by the application",
                        "reclaim " + base.deadNodeReclaimTime(),
                        "compression "
                                + (base.compression().enabled()
                                        ? base.compression().algorithm()
                                        : "off"),
                        "encryption " + encrypted,
                        seeds == 2 ? "joining two seeds" : "joining everybody",
                        "label '" + base.network().label() + "'",
                        "packets of " + base.network().udpBufferSize(),
                        "cluster messages kept " + messaging.storeAge() + " within "
                                + messaging.storeSize()
                                + ", held back " + messaging.holdBack() + ", sent to "
                                + messaging.directTargets() + " at "
                                + messaging.packetRate() + " a second and "
                                + messaging.streamConcurrency() + " streams, queues of "
                                + messaging.queueDepth())
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }
}
