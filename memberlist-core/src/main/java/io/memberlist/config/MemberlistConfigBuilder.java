package io.memberlist.config;

import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.TransportFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link MemberlistConfig}. What each setting means, its unit and its bounds stand there; they are checked by
 * {@link #build()}. Starts as the LAN preset.
 */
public final class MemberlistConfigBuilder {
    private String nodeName = defaultName();
    private String bindAddress = "0.0.0.0";
    private int bindPort = 7946;
    private @Nullable String advertiseAddress;
    private int advertisePort = 0;
    private int protocolVersion = 2;
    private Duration tcpTimeout = Duration.ofSeconds(10);
    private int indirectChecks = 3;
    private int retransmitMultiplier = 4;
    private int suspicionMultiplier = 4;
    private int suspicionMaxTimeoutMultiplier = 6;
    private Duration pushPullInterval = Duration.ofSeconds(30);
    private Duration probeInterval = Duration.ofSeconds(1);
    private Duration probeTimeout = Duration.ofMillis(500);
    private boolean disableStreamPings = false;
    private Predicate<String> disableStreamPingsFor = name -> false;
    private int awarenessMaxMultiplier = 8;
    private Duration gossipInterval = Duration.ofMillis(200);
    private int gossipNodes = 3;
    private Duration gossipToTheDeadTime = Duration.ofSeconds(30);
    private boolean compression = true;
    private int udpBufferSize = 1400;
    private int handoffQueueDepth = 1024;
    private @Nullable Keyring keyring;
    private boolean verifyIncoming = true;
    private boolean verifyOutgoing = true;
    private String label = "";
    private boolean skipInboundLabelCheck = false;
    private @Nullable List<Cidr> allowedNetworks;
    private Duration deadNodeReclaimTime = Duration.ZERO;
    private boolean requireNodeNames = false;
    private Duration reconnectInterval = Duration.ofSeconds(30);
    private Duration reconnectTimeout = Duration.ofHours(24);
    private Duration queueCheckInterval = Duration.ofSeconds(30);
    private String dnsConfigPath = "/etc/resolv.conf";
    private int delegateProtocolMin = 0;
    private int delegateProtocolMax = 0;
    private int delegateProtocolVersion = 0;
    private byte[] meta = new byte[0];
    private int maxUserStateSize = 20 * 1024 * 1024;
    private int maxUserMessageSize = 20 * 1024 * 1024;
    private int maxPushPullNodes = 1024 * 1024;
    private int maxDecompressedSize = 40 * 1024 * 1024;
    private int maxEncryptedFrameSize = 20 * 1024 * 1024;
    private int maxPushPullsServed = 128;
    private int maxJoinConcurrency = 8;
    private boolean messagingEnabled = true;
    private int messagingQueueDepth = 4096;
    private int messagingPacketRate = 10_000;
    private int messagingDirectTargets = 256;
    private int messagingStreamConcurrency = 4;
    private int messagingStoreSize = 16 * 1024 * 1024;
    private Duration messagingStoreAge = Duration.ofMinutes(5);
    private Duration messagingHoldBack = Duration.ofSeconds(1);
    private int messagingMaxOrigins = 1024;
    private @Nullable Delegate delegate;
    private @Nullable EventDelegate eventDelegate;
    private @Nullable MessageDelegate messageDelegate;
    private @Nullable StateDelegate stateDelegate;
    private @Nullable ConflictDelegate conflictDelegate;
    private @Nullable MergeDelegate mergeDelegate;
    private @Nullable AliveDelegate aliveDelegate;
    private @Nullable PingDelegate pingDelegate;
    private @Nullable Executor callbackExecutor;
    private @Nullable TransportFactory transportFactory;

    MemberlistConfigBuilder() {}

    MemberlistConfigBuilder(MemberlistConfig config) {
        nodeName = config.nodeName();
        bindAddress = config.bindAddress();
        bindPort = config.bindPort();
        advertiseAddress = config.advertiseAddress();
        advertisePort = config.advertisePort();
        protocolVersion = config.protocolVersion();
        tcpTimeout = config.tcpTimeout();
        indirectChecks = config.indirectChecks();
        retransmitMultiplier = config.retransmitMultiplier();
        suspicionMultiplier = config.suspicionMultiplier();
        suspicionMaxTimeoutMultiplier = config.suspicionMaxTimeoutMultiplier();
        pushPullInterval = config.pushPullInterval();
        probeInterval = config.probeInterval();
        probeTimeout = config.probeTimeout();
        disableStreamPings = config.disableStreamPings();
        disableStreamPingsFor = config.disableStreamPingsFor();
        awarenessMaxMultiplier = config.awarenessMaxMultiplier();
        gossipInterval = config.gossipInterval();
        gossipNodes = config.gossipNodes();
        gossipToTheDeadTime = config.gossipToTheDeadTime();
        compression = config.compression();
        udpBufferSize = config.udpBufferSize();
        handoffQueueDepth = config.handoffQueueDepth();
        keyring = config.keyring();
        verifyIncoming = config.verifyIncoming();
        verifyOutgoing = config.verifyOutgoing();
        label = config.label();
        skipInboundLabelCheck = config.skipInboundLabelCheck();
        allowedNetworks = config.allowedNetworks();
        deadNodeReclaimTime = config.deadNodeReclaimTime();
        requireNodeNames = config.requireNodeNames();
        reconnectInterval = config.reconnectInterval();
        reconnectTimeout = config.reconnectTimeout();
        queueCheckInterval = config.queueCheckInterval();
        dnsConfigPath = config.dnsConfigPath();
        delegateProtocolMin = config.delegateProtocolMin();
        delegateProtocolMax = config.delegateProtocolMax();
        delegateProtocolVersion = config.delegateProtocolVersion();
        meta = config.meta();
        maxUserStateSize = config.maxUserStateSize();
        maxUserMessageSize = config.maxUserMessageSize();
        maxPushPullNodes = config.maxPushPullNodes();
        maxDecompressedSize = config.maxDecompressedSize();
        maxEncryptedFrameSize = config.maxEncryptedFrameSize();
        maxPushPullsServed = config.maxPushPullsServed();
        maxJoinConcurrency = config.maxJoinConcurrency();
        messagingEnabled = config.messagingEnabled();
        messagingQueueDepth = config.messagingQueueDepth();
        messagingPacketRate = config.messagingPacketRate();
        messagingDirectTargets = config.messagingDirectTargets();
        messagingStreamConcurrency = config.messagingStreamConcurrency();
        messagingStoreSize = config.messagingStoreSize();
        messagingStoreAge = config.messagingStoreAge();
        messagingHoldBack = config.messagingHoldBack();
        messagingMaxOrigins = config.messagingMaxOrigins();
        delegate = config.delegate();
        eventDelegate = config.eventDelegate();
        messageDelegate = config.messageDelegate();
        stateDelegate = config.stateDelegate();
        conflictDelegate = config.conflictDelegate();
        mergeDelegate = config.mergeDelegate();
        aliveDelegate = config.aliveDelegate();
        pingDelegate = config.pingDelegate();
        callbackExecutor = config.callbackExecutor();
        transportFactory = config.transportFactory();
    }

    /** Sets the name of this member, unique in the cluster. */
    public MemberlistConfigBuilder nodeName(String nodeName) {
        this.nodeName = nodeName;
        return this;
    }

    /** Sets the address to listen at. */
    public MemberlistConfigBuilder bindAddress(String bindAddress) {
        this.bindAddress = bindAddress;
        return this;
    }

    /** Sets the port for packets and streams, 0 to pick a free one. */
    public MemberlistConfigBuilder bindPort(int bindPort) {
        this.bindPort = bindPort;
        return this;
    }

    /** Sets the address others shall use. */
    public MemberlistConfigBuilder advertiseAddress(@Nullable String advertiseAddress) {
        this.advertiseAddress = advertiseAddress;
        return this;
    }

    /** Sets the port others shall use. */
    public MemberlistConfigBuilder advertisePort(int advertisePort) {
        this.advertisePort = advertisePort;
        return this;
    }

    /** Sets the protocol version spoken, 1 to 5. */
    public MemberlistConfigBuilder protocolVersion(int protocolVersion) {
        this.protocolVersion = protocolVersion;
        return this;
    }

    /** Sets how long connecting, and then each exchange on a stream, may take. */
    public MemberlistConfigBuilder tcpTimeout(Duration tcpTimeout) {
        this.tcpTimeout = tcpTimeout;
        return this;
    }

    /** Sets how many members are asked to ping one that did not answer. */
    public MemberlistConfigBuilder indirectChecks(int indirectChecks) {
        this.indirectChecks = indirectChecks;
        return this;
    }

    /** Sets news is sent this times ceil(log10(n + 1)) times. */
    public MemberlistConfigBuilder retransmitMultiplier(int retransmitMultiplier) {
        this.retransmitMultiplier = retransmitMultiplier;
        return this;
    }

    /** Sets a suspicion lasts at least this times max(1, log10(n)) probe intervals. */
    public MemberlistConfigBuilder suspicionMultiplier(int suspicionMultiplier) {
        this.suspicionMultiplier = suspicionMultiplier;
        return this;
    }

    /** Sets a suspicion nobody confirms lasts this many times longer. */
    public MemberlistConfigBuilder suspicionMaxTimeoutMultiplier(int suspicionMaxTimeoutMultiplier) {
        this.suspicionMaxTimeoutMultiplier = suspicionMaxTimeoutMultiplier;
        return this;
    }

    /** Sets time between full state exchanges, longer in clusters above 32 members. */
    public MemberlistConfigBuilder pushPullInterval(Duration pushPullInterval) {
        this.pushPullInterval = pushPullInterval;
        return this;
    }

    /** Sets time between probes. */
    public MemberlistConfigBuilder probeInterval(Duration probeInterval) {
        this.probeInterval = probeInterval;
        return this;
    }

    /** Sets how long a direct ping may take before others are asked. */
    public MemberlistConfigBuilder probeTimeout(Duration probeTimeout) {
        this.probeTimeout = probeTimeout;
        return this;
    }

    /** Sets whether to go without the ping over a stream when packets get no answer. */
    public MemberlistConfigBuilder disableStreamPings(boolean disableStreamPings) {
        this.disableStreamPings = disableStreamPings;
        return this;
    }

    /** Sets the local health score stays below this. */
    public MemberlistConfigBuilder awarenessMaxMultiplier(int awarenessMaxMultiplier) {
        this.awarenessMaxMultiplier = awarenessMaxMultiplier;
        return this;
    }

    /** Sets time between rounds of gossip. */
    public MemberlistConfigBuilder gossipInterval(Duration gossipInterval) {
        this.gossipInterval = gossipInterval;
        return this;
    }

    /** Sets members gossiped to in a round. */
    public MemberlistConfigBuilder gossipNodes(int gossipNodes) {
        this.gossipNodes = gossipNodes;
        return this;
    }

    /** Sets how long a failed member is remembered and still gossiped to. */
    public MemberlistConfigBuilder gossipToTheDeadTime(Duration gossipToTheDeadTime) {
        this.gossipToTheDeadTime = gossipToTheDeadTime;
        return this;
    }

    /** Sets whether to compress what becomes smaller by it. */
    public MemberlistConfigBuilder compression(boolean compression) {
        this.compression = compression;
        return this;
    }

    /** Sets the largest packet sent, in bytes. */
    public MemberlistConfigBuilder udpBufferSize(int udpBufferSize) {
        this.udpBufferSize = udpBufferSize;
        return this;
    }

    /** Sets user messages that may wait for the application. */
    public MemberlistConfigBuilder handoffQueueDepth(int handoffQueueDepth) {
        this.handoffQueueDepth = handoffQueueDepth;
        return this;
    }

    /** Sets how long after its failure a name may be taken over from another address. */
    public MemberlistConfigBuilder deadNodeReclaimTime(Duration deadNodeReclaimTime) {
        this.deadNodeReclaimTime = deadNodeReclaimTime;
        return this;
    }

    /** Sets whether seeds must be given as {@code name/host:port}, and nobody is contacted at a bare address. */
    public MemberlistConfigBuilder requireNodeNames(boolean requireNodeNames) {
        this.requireNodeNames = requireNodeNames;
        return this;
    }

    /** Sets time between checks of the broadcast queue. */
    public MemberlistConfigBuilder queueCheckInterval(Duration queueCheckInterval) {
        this.queueCheckInterval = queueCheckInterval;
        return this;
    }

    /** Sets lowest version of the application's own protocol understood, 0 to 255. */
    public MemberlistConfigBuilder delegateProtocolMin(int delegateProtocolMin) {
        this.delegateProtocolMin = delegateProtocolMin;
        return this;
    }

    /** Sets highest version of the application's own protocol understood, 0 to 255. */
    public MemberlistConfigBuilder delegateProtocolMax(int delegateProtocolMax) {
        this.delegateProtocolMax = delegateProtocolMax;
        return this;
    }

    /** Sets version of the application's own protocol spoken, 0 to 255. */
    public MemberlistConfigBuilder delegateProtocolVersion(int delegateProtocolVersion) {
        this.delegateProtocolVersion = delegateProtocolVersion;
        return this;
    }

    /** Sets the initial metadata of this member, at most {@value io.memberlist.member.Member#META_MAX_SIZE} bytes. */
    public MemberlistConfigBuilder meta(byte[] meta) {
        this.meta = meta;
        return this;
    }

    /** Sets bytes of application state in one push/pull. */
    public MemberlistConfigBuilder maxUserStateSize(int maxUserStateSize) {
        this.maxUserStateSize = maxUserStateSize;
        return this;
    }

    /** Sets bytes in one user message on a stream. */
    public MemberlistConfigBuilder maxUserMessageSize(int maxUserMessageSize) {
        this.maxUserMessageSize = maxUserMessageSize;
        return this;
    }

    /** Sets seeds contacted at the same time. */
    public MemberlistConfigBuilder maxJoinConcurrency(int maxJoinConcurrency) {
        this.maxJoinConcurrency = maxJoinConcurrency;
        return this;
    }

    /** Sets whether cluster messages are at work. */
    public MemberlistConfigBuilder messagingEnabled(boolean messagingEnabled) {
        this.messagingEnabled = messagingEnabled;
        return this;
    }

    /** Sets cluster messages that may wait to be sent. */
    public MemberlistConfigBuilder messagingQueueDepth(int messagingQueueDepth) {
        this.messagingQueueDepth = messagingQueueDepth;
        return this;
    }

    /** Sets packets a second that cluster messages may take. */
    public MemberlistConfigBuilder messagingPacketRate(int messagingPacketRate) {
        this.messagingPacketRate = messagingPacketRate;
        return this;
    }

    /** Sets members that one member sends a broadcast to itself. */
    public MemberlistConfigBuilder messagingDirectTargets(int messagingDirectTargets) {
        this.messagingDirectTargets = messagingDirectTargets;
        return this;
    }

    /** Sets streams open at the same time for cluster messages. */
    public MemberlistConfigBuilder messagingStreamConcurrency(int messagingStreamConcurrency) {
        this.messagingStreamConcurrency = messagingStreamConcurrency;
        return this;
    }

    /** Sets bytes of broadcasts kept for members that missed them. */
    public MemberlistConfigBuilder messagingStoreSize(int messagingStoreSize) {
        this.messagingStoreSize = messagingStoreSize;
        return this;
    }

    /** Sets how old a broadcast may get. */
    public MemberlistConfigBuilder messagingStoreAge(Duration messagingStoreAge) {
        this.messagingStoreAge = messagingStoreAge;
        return this;
    }

    /** Sets how long a broadcast waits for an earlier one of the same origin and topic. */
    public MemberlistConfigBuilder messagingHoldBack(Duration messagingHoldBack) {
        this.messagingHoldBack = messagingHoldBack;
        return this;
    }

    /** Sets origins whose messages are told apart. */
    public MemberlistConfigBuilder messagingMaxOrigins(int messagingMaxOrigins) {
        this.messagingMaxOrigins = messagingMaxOrigins;
        return this;
    }

    /** Sets hears of membership changes. */
    public MemberlistConfigBuilder eventDelegate(@Nullable EventDelegate eventDelegate) {
        this.eventDelegate = eventDelegate;
        return this;
    }

    /** Sets receives user messages. */
    public MemberlistConfigBuilder messageDelegate(@Nullable MessageDelegate messageDelegate) {
        this.messageDelegate = messageDelegate;
        return this;
    }

    /** Sets exchanges application state with every push/pull. */
    public MemberlistConfigBuilder stateDelegate(@Nullable StateDelegate stateDelegate) {
        this.stateDelegate = stateDelegate;
        return this;
    }

    /** Sets hears of name conflicts. */
    public MemberlistConfigBuilder conflictDelegate(@Nullable ConflictDelegate conflictDelegate) {
        this.conflictDelegate = conflictDelegate;
        return this;
    }

    /** Sets may refuse a merge. */
    public MemberlistConfigBuilder mergeDelegate(@Nullable MergeDelegate mergeDelegate) {
        this.mergeDelegate = mergeDelegate;
        return this;
    }

    /** Sets may refuse a member. */
    public MemberlistConfigBuilder aliveDelegate(@Nullable AliveDelegate aliveDelegate) {
        this.aliveDelegate = aliveDelegate;
        return this;
    }

    /** Sets adds to acks and hears of round trips. */
    public MemberlistConfigBuilder pingDelegate(@Nullable PingDelegate pingDelegate) {
        this.pingDelegate = pingDelegate;
        return this;
    }

    /** Sets runs the callbacks, one at a time for each member. */
    public MemberlistConfigBuilder callbackExecutor(@Nullable Executor callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
        return this;
    }

    /** Sets the network to live on. */
    public MemberlistConfigBuilder transportFactory(@Nullable TransportFactory transportFactory) {
        this.transportFactory = transportFactory;
        return this;
    }

    /** Sets tells, by name, which members get no ping over a stream. */
    public MemberlistConfigBuilder disableStreamPingsFor(Predicate<String> disableStreamPingsFor) {
        this.disableStreamPingsFor = disableStreamPingsFor;
        return this;
    }

    /** Sets the keys that encrypt and decrypt. */
    public MemberlistConfigBuilder keyring(@Nullable Keyring keyring) {
        this.keyring = keyring;
        return this;
    }

    /** Sets whether plaintext is refused where there is a keyring. */
    public MemberlistConfigBuilder verifyIncoming(boolean verifyIncoming) {
        this.verifyIncoming = verifyIncoming;
        return this;
    }

    /** Sets whether to encrypt where there is a keyring. */
    public MemberlistConfigBuilder verifyOutgoing(boolean verifyOutgoing) {
        this.verifyOutgoing = verifyOutgoing;
        return this;
    }

    /** Sets a word that all members of the cluster send with everything and without which they listen to nobody. */
    public MemberlistConfigBuilder label(String label) {
        this.label = label;
        return this;
    }

    /** Sets whether the transport has already checked and removed the label. */
    public MemberlistConfigBuilder skipInboundLabelCheck(boolean skipInboundLabelCheck) {
        this.skipInboundLabelCheck = skipInboundLabelCheck;
        return this;
    }

    /** Sets networks that members may come from. */
    public MemberlistConfigBuilder allowedNetworks(@Nullable List<Cidr> allowedNetworks) {
        this.allowedNetworks = allowedNetworks;
        return this;
    }

    /** Sets the first pause before a failed member, or a seed nobody is known at, is contacted again. */
    public MemberlistConfigBuilder reconnectInterval(Duration reconnectInterval) {
        this.reconnectInterval = reconnectInterval;
        return this;
    }

    /** Sets how long they are tried, and how long a failed member that was forgotten must be newer than what was known of it. */
    public MemberlistConfigBuilder reconnectTimeout(Duration reconnectTimeout) {
        this.reconnectTimeout = reconnectTimeout;
        return this;
    }

    /** Sets where the name servers stand, for look-ups that ask them directly. */
    public MemberlistConfigBuilder dnsConfigPath(String dnsConfigPath) {
        this.dnsConfigPath = dnsConfigPath;
        return this;
    }

    /** Sets members in one push/pull. */
    public MemberlistConfigBuilder maxPushPullNodes(int maxPushPullNodes) {
        this.maxPushPullNodes = maxPushPullNodes;
        return this;
    }

    /** Sets bytes that one compressed message may unpack to. */
    public MemberlistConfigBuilder maxDecompressedSize(int maxDecompressedSize) {
        this.maxDecompressedSize = maxDecompressedSize;
        return this;
    }

    /** Sets bytes in one encrypted message on a stream. */
    public MemberlistConfigBuilder maxEncryptedFrameSize(int maxEncryptedFrameSize) {
        this.maxEncryptedFrameSize = maxEncryptedFrameSize;
        return this;
    }

    /** Sets push/pulls served at the same time. */
    public MemberlistConfigBuilder maxPushPullsServed(int maxPushPullsServed) {
        this.maxPushPullsServed = maxPushPullsServed;
        return this;
    }

    /** Sets metadata, messages, broadcasts and state in one. */
    public MemberlistConfigBuilder delegate(@Nullable Delegate delegate) {
        this.delegate = delegate;
        return this;
    }

    /**
     * Encrypts with this key: adds it to the keyring, as its primary, or makes a keyring of it.
     *
     * @param key 16, 24 or 32 bytes, for AES-128, -192 or -256; copied
     * @throws MemberlistException if it has another length
     */
    public MemberlistConfigBuilder secretKey(byte[] key) {
        if (keyring == null) {
            keyring = Keyring.of(key);
        } else {
            keyring.add(key);
            keyring.use(key);
        }
        return this;
    }

    /**
     * Sets the networks that members may come from, in the form {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws MemberlistException if one is no network; the message names it
     */
    public MemberlistConfigBuilder allowedNetworks(String... networks) {
        List<Cidr> parsed = new ArrayList<>();
        for (String network : networks) {
            parsed.add(Cidr.parse(network));
        }
        return allowedNetworks(parsed);
    }

    /**
     * {@return the configuration}
     *
     * @throws MemberlistException if a setting is out of its bounds; the message names it, the limit and the remedy
     */
    public MemberlistConfig build() {
        return new MemberlistConfig(
                nodeName,
                bindAddress,
                bindPort,
                advertiseAddress,
                advertisePort,
                protocolVersion,
                tcpTimeout,
                indirectChecks,
                retransmitMultiplier,
                suspicionMultiplier,
                suspicionMaxTimeoutMultiplier,
                pushPullInterval,
                probeInterval,
                probeTimeout,
                disableStreamPings,
                disableStreamPingsFor,
                awarenessMaxMultiplier,
                gossipInterval,
                gossipNodes,
                gossipToTheDeadTime,
                compression,
                udpBufferSize,
                handoffQueueDepth,
                keyring,
                verifyIncoming,
                verifyOutgoing,
                label,
                skipInboundLabelCheck,
                allowedNetworks,
                deadNodeReclaimTime,
                requireNodeNames,
                reconnectInterval,
                reconnectTimeout,
                queueCheckInterval,
                dnsConfigPath,
                delegateProtocolMin,
                delegateProtocolMax,
                delegateProtocolVersion,
                meta,
                maxUserStateSize,
                maxUserMessageSize,
                maxPushPullNodes,
                maxDecompressedSize,
                maxEncryptedFrameSize,
                maxPushPullsServed,
                maxJoinConcurrency,
                messagingEnabled,
                messagingQueueDepth,
                messagingPacketRate,
                messagingDirectTargets,
                messagingStreamConcurrency,
                messagingStoreSize,
                messagingStoreAge,
                messagingHoldBack,
                messagingMaxOrigins,
                delegate,
                eventDelegate,
                messageDelegate,
                stateDelegate,
                conflictDelegate,
                mergeDelegate,
                aliveDelegate,
                pingDelegate,
                callbackExecutor,
                transportFactory);
    }

    private static String defaultName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
