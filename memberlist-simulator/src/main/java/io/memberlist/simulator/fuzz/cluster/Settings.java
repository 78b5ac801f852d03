package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The configuration that all nodes of a cluster share, drawn from the seed, and the keys installed at the moment. */
final class Settings {
    private final MemberlistConfig base;
    private final boolean encrypted;
    private final int seeds;
    private final List<byte[]> keys = new ArrayList<>();

    Settings(Scenario scenario) {
        RandomGenerator random = scenario.source("settings");
        MemberlistConfigBuilder config = random.nextInt(4) == 0 ? MemberlistConfig.local() : MemberlistConfig.lan();
        config.gossipToTheDeadTime(Duration.ofSeconds(random.nextInt(5, 31)))
                .reconnectInterval(Duration.ofSeconds(random.nextInt(5, 31)))
                .pushPullInterval(Duration.ofSeconds(random.nextInt(5, 31)))
                .gossipNodes(random.nextInt(2, 5))
                .compression(random.nextBoolean())
                .handoffQueueDepth(random.nextInt(3) == 0 ? 8 : 1024)
                .udpBufferSize(random.nextInt(3) == 0 ? 700 : 1400)
                .label(random.nextInt(3) == 0 ? "fuzz" : "");
        if (random.nextInt(3) == 0) {
            config.deadNodeReclaimTime(Duration.ofSeconds(random.nextInt(1, 31)));
        }
        encrypted = random.nextInt(3) == 0;
        seeds = scenario.source("application").nextBoolean() ? 2 : Integer.MAX_VALUE;
        keys.add(key(random));
        messaging(config, scenario.source("messaging settings"));
        base = config.nodeName("any").build();
    }

    private static void messaging(MemberlistConfigBuilder config, RandomGenerator random) {
        config.messagingStoreAge(Duration.ofMinutes(new int[] {2, 5, 30}[random.nextInt(3)]))
                .messagingStoreSize(random.nextInt(4) == 0 ? 256 * 1024 : 16 * 1024 * 1024)
                .messagingDirectTargets(random.nextInt(3) == 0 ? 2 : 256)
                .messagingPacketRate(random.nextInt(4) == 0 ? 500 : 10_000)
                .messagingStreamConcurrency(random.nextInt(3) == 0 ? 1 : 4)
                .messagingQueueDepth(random.nextInt(4) == 0 ? 64 : 4096)
                .messagingHoldBack(Duration.ofMillis(new int[] {200, 1000, 3000}[random.nextInt(3)]));
    }

    static byte[] key(RandomGenerator random) {
        byte[] key = new byte[16];
        random.nextBytes(key);
        return key;
    }

    MemberlistConfigBuilder builder() {
        MemberlistConfigBuilder builder = base.toBuilder();
        if (encrypted) {
            builder.keyring(io.memberlist.config.Keyring.of(
                    keys.get(0), keys.stream().skip(1).toArray(byte[][]::new)));
        }
        return builder;
    }

    MemberlistConfig base() {
        return base;
    }

    /** {@return how many of the first nodes are known to all applications} */
    int seeds() {
        return seeds;
    }

    boolean encrypted() {
        return encrypted;
    }

    /** {@return the keys that a process which starts now shall have, the primary one first} */
    List<byte[]> keys() {
        return keys;
    }

    /**
     * {@return within what time every node must see every other as it is, once faults have ended} The longest way: a
     * suspicion that nobody confirms runs out; the dead are forgotten after the time they are gossiped to and a round of
     * probes; a forgotten member is tried again after a pause of at most ten intervals, one candidate in a quarter of an
     * interval, and twice, since it may have to outbid its death first, each attempt taking up to two time-outs. Then the
     * news spreads by push/pull. All of it may happen twice: of three sides, two meet first.
     */
    Duration healing(int addresses) {
        long probe = base.probeInterval().toNanos();
        long suspicion = (long) base.suspicionMultiplier() * base.suspicionMaxTimeoutMultiplier() * 2 * probe;
        long round = probe * base.awarenessMaxMultiplier() * addresses;
        long reconnect = base.reconnectInterval().toNanos();
        long meeting = 2
                * (11 * reconnect
                        + addresses * (reconnect / 4 + 2 * base.tcpTimeout().toNanos()));
        long spreading = 2 * addresses * base.pushPullInterval().toNanos();
        long dead = base.gossipToTheDeadTime().toNanos()
                + base.deadNodeReclaimTime().toNanos();
        return Duration.ofNanos(2 * (2 * suspicion + 2 * round + dead + meeting + spreading));
    }

    /** {@return the settings in one line} */
    String text() {
        return Stream.of(
                        "probe " + base.probeInterval(),
                        "gossip to " + base.gossipNodes(),
                        "gossip to the dead " + base.gossipToTheDeadTime(),
                        "push/pull " + base.pushPullInterval(),
                        "reconnect " + base.reconnectInterval(),
                        "reclaim " + base.deadNodeReclaimTime(),
                        "compression " + base.compression(),
                        "encryption " + encrypted,
                        seeds == 2 ? "joining two seeds" : "joining everybody",
                        "label '" + base.label() + "'",
                        "packets of " + base.udpBufferSize(),
                        "cluster messages kept " + base.messagingStoreAge() + " within " + base.messagingStoreSize()
                                + ", held back " + base.messagingHoldBack() + ", sent to "
                                + base.messagingDirectTargets() + " at " + base.messagingPacketRate() + " a second and "
                                + base.messagingStreamConcurrency() + " streams, queues of "
                                + base.messagingQueueDepth())
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }
}
