package io.memberlist.config;

import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.transport.TransportFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a member behaves: every knob of the Go library's {@code Config} under the same name where Java allows. Immutable;
 * made from one of the three presets.
 *
 * <pre>{@code
 * MemberlistConfig config = MemberlistConfig.lan().nodeName("a").bindPort(0).build();
 * }</pre>
 *
 * @param nodeName the name of this member, unique in the cluster; at most 256 bytes in UTF-8
 * @param bindAddress the address to listen at: an IP address or a host name; {@code 0.0.0.0} and {@code ::} mean all
 * @param bindPort the port for packets and streams, 0 to pick a free one
 * @param advertiseAddress the address others shall use: an IP address or a host name; null for the bound one, or a private address of this machine where all are bound
 * @param advertisePort the port others shall use; 0 for the bound one
 * @param protocolVersion the protocol version spoken, 1 to 5
 * @param tcpTimeout how long connecting, and then each exchange on a stream, may take
 * @param indirectChecks how many members are asked to ping one that did not answer; 0 for none
 * @param retransmitMultiplier news is sent this times ceil(log10(n + 1)) times
 * @param suspicionMultiplier a suspicion lasts at least this times max(1, log10(n)) probe intervals
 * @param suspicionMaxTimeoutMultiplier a suspicion nobody confirms lasts this many times longer
 * @param pushPullInterval time between full state exchanges, longer in clusters above 32 members; zero for none
 * @param probeInterval time between probes
 * @param probeTimeout how long a direct ping may take before others are asked; below the probe interval
 * @param disableStreamPings whether to go without the ping over a stream when packets get no answer
 * @param disableStreamPingsFor tells, by name, which members get no ping over a stream
 * @param awarenessMaxMultiplier the local health score stays below this
 * @param gossipInterval time between rounds of gossip; zero for none
 * @param gossipNodes members gossiped to in a round
 * @param gossipToTheDeadTime how long a failed member is remembered and still gossiped to
 * @param compression whether to compress what becomes smaller by it
 * @param udpBufferSize the largest packet sent, in bytes; 512 to 65507
 * @param handoffQueueDepth user messages that may wait for the application, and cluster messages for each handler; more are
 *     dropped and counted
 * @param keyring the keys that encrypt and decrypt; null for no encryption
 * @param verifyIncoming whether plaintext is refused where there is a keyring; false while a running cluster turns encryption on
 * @param verifyOutgoing whether to encrypt where there is a keyring; false while a running cluster turns encryption on
 * @param label a word that all members of the cluster send with everything and without which they listen to nobody; at most 255 bytes, empty for none
 * @param skipInboundLabelCheck whether the transport has already checked and removed the label
 * @param allowedNetworks networks that members may come from; null for all, empty for none
 * @param deadNodeReclaimTime how long after its failure a name may be taken over from another address; zero for never
 * @param requireNodeNames whether seeds must be given as {@code name/host:port}, and nobody is
 *     contacted at a bare address: for transports that route by name
 * @param reconnectInterval the first pause before a failed member, or a seed nobody is known at, is contacted again; doubled after each failure, up to ten times as long; zero for never
 * @param reconnectTimeout how long they are tried, and how long a failed member that was forgotten must be newer than what was known of it
 * @param queueCheckInterval time between checks of the broadcast queue
 * @param dnsConfigPath where the name servers stand, for look-ups that ask them directly
 * @param delegateProtocolMin lowest version of the application's own protocol understood, 0 to 255
 * @param delegateProtocolMax highest version of the application's own protocol understood, 0 to 255
 * @param delegateProtocolVersion version of the application's own protocol spoken, 0 to 255
 * @param meta the initial metadata of this member, at most {@value io.memberlist.member.Member#META_MAX_SIZE} bytes
 * @param maxUserStateSize bytes of application state in one push/pull
 * @param maxUserMessageSize bytes in one user message on a stream
 * @param maxPushPullNodes members in one push/pull
 * @param maxDecompressedSize bytes that one compressed message may unpack to
 * @param maxEncryptedFrameSize bytes in one encrypted message on a stream
 * @param maxPushPullsServed push/pulls served at the same time, no more than half of them for one address; more are turned away and counted
 * @param maxJoinConcurrency seeds contacted at the same time
 * @param messagingEnabled whether cluster messages are at work; where they are not, envelopes are user messages like any other
 * @param messagingQueueDepth cluster messages that may wait to be sent; more are refused, 1 to 1048576
 * @param messagingPacketRate packets a second that cluster messages may take, 1 to 1000000
 * @param messagingDirectTargets members that one member sends a broadcast to itself; beyond, the first receivers pass it on as a tree, 2 to 65535
 * @param messagingStreamConcurrency streams open at the same time for cluster messages, 1 to 64
 * @param messagingStoreSize bytes of broadcasts kept for members that missed them, 0 to 2^30
 * @param messagingStoreAge how old a broadcast may get: how long it is kept for others, passed on, and its id remembered; longer than zero
 * @param messagingHoldBack how long a broadcast waits for an earlier one of the same origin and topic; zero for not at all
 * @param messagingMaxOrigins origins whose messages are told apart, 16 to 65536; the one that was silent longest is forgotten
 * @param delegate metadata, messages, broadcasts and state in one; a delegate given for one of these alone takes precedence
 * @param eventDelegate hears of membership changes
 * @param messageDelegate receives user messages
 * @param stateDelegate exchanges application state with every push/pull
 * @param conflictDelegate hears of name conflicts
 * @param mergeDelegate may refuse a merge
 * @param aliveDelegate may refuse a member
 * @param pingDelegate adds to acks and hears of round trips
 * @param callbackExecutor runs the callbacks, one at a time for each member; null for a few threads shared by all members
 * @param transportFactory the network to live on; null for UDP and TCP
 */
@SuppressWarnings("ArrayRecordComponent")
public record MemberlistConfig(
        String nodeName,
        String bindAddress,
        int bindPort,
        @Nullable String advertiseAddress,
        int advertisePort,
        int protocolVersion,
        Duration tcpTimeout,
        int indirectChecks,
        int retransmitMultiplier,
        int suspicionMultiplier,
        int suspicionMaxTimeoutMultiplier,
        Duration pushPullInterval,
        Duration probeInterval,
        Duration probeTimeout,
        boolean disableStreamPings,
        Predicate<String> disableStreamPingsFor,
        int awarenessMaxMultiplier,
        Duration gossipInterval,
        int gossipNodes,
        Duration gossipToTheDeadTime,
        boolean compression,
        int udpBufferSize,
        int handoffQueueDepth,
        @Nullable Keyring keyring,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        String label,
        boolean skipInboundLabelCheck,
        @Nullable List<Cidr> allowedNetworks,
        Duration deadNodeReclaimTime,
        boolean requireNodeNames,
        Duration reconnectInterval,
        Duration reconnectTimeout,
        Duration queueCheckInterval,
        String dnsConfigPath,
        int delegateProtocolMin,
        int delegateProtocolMax,
        int delegateProtocolVersion,
        byte[] meta,
        int maxUserStateSize,
        int maxUserMessageSize,
        int maxPushPullNodes,
        int maxDecompressedSize,
        int maxEncryptedFrameSize,
        int maxPushPullsServed,
        int maxJoinConcurrency,
        boolean messagingEnabled,
        int messagingQueueDepth,
        int messagingPacketRate,
        int messagingDirectTargets,
        int messagingStreamConcurrency,
        int messagingStoreSize,
        Duration messagingStoreAge,
        Duration messagingHoldBack,
        int messagingMaxOrigins,
        @Nullable Delegate delegate,
        @Nullable EventDelegate eventDelegate,
        @Nullable MessageDelegate messageDelegate,
        @Nullable StateDelegate stateDelegate,
        @Nullable ConflictDelegate conflictDelegate,
        @Nullable MergeDelegate mergeDelegate,
        @Nullable AliveDelegate aliveDelegate,
        @Nullable PingDelegate pingDelegate,
        @Nullable Executor callbackExecutor,
        @Nullable TransportFactory transportFactory) {
    /** The lowest protocol version understood. */
    public static final int PROTOCOL_MIN = 1;

    /** The highest protocol version understood. */
    public static final int PROTOCOL_MAX = 5;

    /** Refuses what cannot work, with the value, the limit and the remedy. Copies the metadata. */
    public MemberlistConfig {
        ConfigRules.name(nodeName);
        ConfigRules.notBlank("bindAddress", bindAddress);
        if (advertiseAddress != null) {
            ConfigRules.notBlank("advertiseAddress", advertiseAddress);
        }
        ConfigRules.range("bindPort", bindPort, 0, 65535);
        ConfigRules.range("advertisePort", advertisePort, 0, 65535);
        ConfigRules.range("protocolVersion", protocolVersion, PROTOCOL_MIN, PROTOCOL_MAX);
        ConfigRules.positive("tcpTimeout", tcpTimeout);
        ConfigRules.range("indirectChecks", indirectChecks, 0, 255);
        ConfigRules.range("retransmitMultiplier", retransmitMultiplier, 1, 1000);
        ConfigRules.range("suspicionMultiplier", suspicionMultiplier, 1, 1000);
        ConfigRules.range("suspicionMaxTimeoutMultiplier", suspicionMaxTimeoutMultiplier, 1, 1000);
        ConfigRules.notNegative("pushPullInterval", pushPullInterval);
        ConfigRules.positive("probeInterval", probeInterval);
        ConfigRules.positive("probeTimeout", probeTimeout);
        ConfigRules.notAbove("probeTimeout", probeTimeout, "probeInterval", probeInterval);
        ConfigRules.range("awarenessMaxMultiplier", awarenessMaxMultiplier, 1, 1000);
        ConfigRules.notNegative("gossipInterval", gossipInterval);
        ConfigRules.range("gossipNodes", gossipNodes, 0, 255);
        ConfigRules.notNegative("gossipToTheDeadTime", gossipToTheDeadTime);
        ConfigRules.range("udpBufferSize", udpBufferSize, 512, 65507);
        ConfigRules.range("handoffQueueDepth", handoffQueueDepth, 1, 1 << 20);
        ConfigRules.notNegative("deadNodeReclaimTime", deadNodeReclaimTime);
        ConfigRules.positive("queueCheckInterval", queueCheckInterval);
        ConfigRules.range("delegateProtocolMin", delegateProtocolMin, 0, 255);
        ConfigRules.range("delegateProtocolMax", delegateProtocolMax, delegateProtocolMin, 255);
        ConfigRules.range("delegateProtocolVersion", delegateProtocolVersion, delegateProtocolMin, delegateProtocolMax);
        ConfigRules.meta(meta);
        ConfigRules.range("maxUserStateSize", maxUserStateSize, 1, 1 << 30);
        ConfigRules.range("maxUserMessageSize", maxUserMessageSize, 1, 1 << 30);
        ConfigRules.range("maxPushPullNodes", maxPushPullNodes, 1, 1 << 24);
        ConfigRules.range("maxDecompressedSize", maxDecompressedSize, 1, 1 << 30);
        ConfigRules.range("maxEncryptedFrameSize", maxEncryptedFrameSize, 1, 1 << 30);
        ConfigRules.range("maxPushPullsServed", maxPushPullsServed, 1, 1 << 16);
        ConfigRules.label(label);
        ConfigRules.notNegative("reconnectInterval", reconnectInterval);
        ConfigRules.notNegative("reconnectTimeout", reconnectTimeout);
        ConfigRules.notBlank("dnsConfigPath", dnsConfigPath);
        allowedNetworks = allowedNetworks == null ? null : List.copyOf(allowedNetworks);
        ConfigRules.range("maxJoinConcurrency", maxJoinConcurrency, 1, 1024);
        ConfigRules.range("messagingQueueDepth", messagingQueueDepth, 1, 1 << 20);
        ConfigRules.range("messagingPacketRate", messagingPacketRate, 1, 1_000_000);
        ConfigRules.range("messagingDirectTargets", messagingDirectTargets, 2, 65535);
        ConfigRules.range("messagingStreamConcurrency", messagingStreamConcurrency, 1, 64);
        ConfigRules.range("messagingStoreSize", messagingStoreSize, 0, 1 << 30);
        ConfigRules.positive("messagingStoreAge", messagingStoreAge);
        ConfigRules.notNegative("messagingHoldBack", messagingHoldBack);
        ConfigRules.range("messagingMaxOrigins", messagingMaxOrigins, 16, 65536);
        meta = meta.clone();
    }

    /** {@return a copy of the initial metadata} */
    @Override
    public byte[] meta() {
        return meta.clone();
    }

    /** {@return the preset for a local network: the Go library's {@code DefaultLANConfig}} */
    public static MemberlistConfigBuilder lan() {
        return new MemberlistConfigBuilder();
    }

    /** {@return the preset for links with long delays: {@code DefaultWANConfig}} */
    public static MemberlistConfigBuilder wan() {
        return lan().tcpTimeout(Duration.ofSeconds(30))
                .suspicionMultiplier(6)
                .pushPullInterval(Duration.ofSeconds(60))
                .probeTimeout(Duration.ofSeconds(3))
                .probeInterval(Duration.ofSeconds(5))
                .gossipNodes(4)
                .gossipInterval(Duration.ofMillis(500))
                .gossipToTheDeadTime(Duration.ofSeconds(60));
    }

    /** {@return the preset for the loopback interface: {@code DefaultLocalConfig}} */
    public static MemberlistConfigBuilder local() {
        return lan().tcpTimeout(Duration.ofSeconds(1))
                .indirectChecks(1)
                .retransmitMultiplier(2)
                .suspicionMultiplier(3)
                .pushPullInterval(Duration.ofSeconds(15))
                .probeTimeout(Duration.ofMillis(200))
                .gossipInterval(Duration.ofMillis(100))
                .gossipToTheDeadTime(Duration.ofSeconds(15));
    }

    /** {@return a builder that starts from these settings} */
    public MemberlistConfigBuilder toBuilder() {
        return new MemberlistConfigBuilder(this);
    }
}
