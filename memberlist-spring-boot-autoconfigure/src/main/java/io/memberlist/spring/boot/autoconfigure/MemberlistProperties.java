package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.ConfigRules;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.tls.PeerCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application may set about its member. What is not set keeps the default of the profile. The groups and names are
 * those of {@link MemberlistConfig}, from which the name of each property follows.
 *
 * @param enabled Whether to make this application a member of a cluster.
 * @param nodeName Name of this member, unique in the cluster. Defaults to the application's name, the host name (with random
 *     digits if it is only localhost) and the port (or four random hexadecimal digits where the port is picked).
 * @param profile Network that the timing suits; gives every other setting its default.
 * @param join Seeds to join the cluster through, as host, host:port, [v6]:port, dns+host:port or
 *     dnssrv+_service._tcp.domain, each with name/ before it or not. Seeds without a live member are asked again for
 *     as long as the application runs.
 * @param joinRetry How seeds are asked again.
 * @param leaveTimeout How long the news that this member leaves may take to go out when the application stops.
 * @param keepAlive Whether the member keeps the JVM running. An application with a web server, or with
 *     spring.main.keep-alive, runs anyway; a job without them ends when its work is done if this is false.
 * @param meta Metadata of this member that all others see, as text; at most 512 bytes in UTF-8. Excludes tags.
 * @param tags Named values of this member that all others see, carried in its metadata as Serf does; at most 512 bytes
 *     together.
 * @param deadNodeReclaimTime How long after its failure a member's name may be taken over from another address without asking
 *     there; zero for never. A member that is found to be gone is replaced at once, whatever this says.
 * @param network Where the member listens, how others reach it, and what it accepts from them.
 * @param transport What carries packets and streams.
 * @param ssl TLS of the transports that have it.
 * @param compression How messages are compressed.
 * @param protocol Protocol versions that the member speaks.
 * @param probe How the member probes the others.
 * @param suspicion How long a member that does not answer stays suspected.
 * @param flapping When a member that fails and comes back again and again counts as degraded.
 * @param gossip How the member spreads news.
 * @param stateSync How the member exchanges its whole state with others.
 * @param encryption Keys, and how strictly they are used.
 * @param limits How much the member accepts from others and holds for them.
 * @param messaging Cluster messages that reach everybody.
 * @param health The health indicator.
 */
@ConfigurationProperties("memberlist")
public record MemberlistProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String nodeName,
        @DefaultValue("lan") Profile profile,
        @DefaultValue List<String> join,
        @DefaultValue JoinRetry joinRetry,
        @DefaultValue("5s") Duration leaveTimeout,
        @DefaultValue("true") boolean keepAlive,
        @DefaultValue("") String meta,
        @DefaultValue Map<String, String> tags,
        @Nullable Duration deadNodeReclaimTime,
        @DefaultValue Network network,
        @DefaultValue Transport transport,
        @DefaultValue Ssl ssl,
        @DefaultValue Compression compression,
        @DefaultValue Protocol protocol,
        @DefaultValue Probe probe,
        @DefaultValue Suspicion suspicion,
        @DefaultValue Flapping flapping,
        @DefaultValue Gossip gossip,
        @DefaultValue StateSync stateSync,
        @DefaultValue Encryption encryption,
        @DefaultValue Limits limits,
        @DefaultValue Messaging messaging,
        @DefaultValue Health health) {
    /**
     * Copies the lists and maps, and checks what the engine does not.
     *
     * @throws InvalidSettingException if {@code leaveTimeout} is negative or too long
     */
    public MemberlistProperties {
        if (leaveTimeout.isNegative()) {
            throw new InvalidSettingException(
                    "memberlist.leave-timeout",
                    "memberlist.leave-timeout is " + leaveTimeout
                            + ", which is negative: use zero for as long as it takes, or a time-out above zero");
        }
        ConfigRules.notNegative("memberlist.leave-timeout", leaveTimeout);
        join = List.copyOf(join);
        tags = Map.copyOf(tags);
    }

    /** The network that the timing suits. */
    public enum Profile {
        /** A local network or one data centre. */
        LAN(MemberlistConfig::lan),
        /** Links with long delays. */
        WAN(MemberlistConfig::wan),
        /** The loopback interface: fast, for tests and development. */
        LOCAL(MemberlistConfig::local),
        /** As Grafana's dskit sets its members, for clusters with it over the transport {@code tcp}. */
        DSKIT(MemberlistConfig::dskit);

        private final Supplier<MemberlistConfigBuilder> preset;

        Profile(Supplier<MemberlistConfigBuilder> preset) {
            this.preset = preset;
        }

        /** {@return a new builder with the defaults of the profile} */
        MemberlistConfigBuilder preset() {
            return preset.get();
        }
    }

    /**
     * How seeds are asked again: while this member is alone, and while a seed has no live member behind it.
     *
     * @param initialDelay Shortest pause; it grows to a quarter of the time for which the seed has been missing.
     * @param maxDelay Longest pause, after which one of all missing seeds is asked; longer in clusters above 32 members.
     */
    public record JoinRetry(
            @Nullable Duration initialDelay, @Nullable Duration maxDelay) {}

    /**
     * Where the member listens, how others reach it, and what it accepts from them.
     *
     * @param bindAddress IP address or host name to listen at; 0.0.0.0 and :: mean all.
     * @param bindPort Port for packets and streams, 0 to pick a free one. Where it is not set and 7946 is taken, a free one
     *     is picked.
     * @param advertiseAddress IP address or host name that other members use. Defaults to the bound one, or to one of this
     *     machine's where all are bound, first the private address of the interface with the default route.
     * @param advertiseInterface Name of the network interface whose address other members use, as eth0.
     * @param advertiseNetwork Network in which the address that other members use lies, as 10.0.0.0/8 or fd00::/8.
     * @param advertisePort Port that other members use. Defaults to the bound one.
     * @param tcpTimeout How long connecting, and then each exchange on a stream, may take.
     * @param udpBufferSize Size of the largest packet sent, 512 to 65507 bytes.
     * @param label Cluster label, at most 255 bytes; traffic with another label is discarded. Empty for none.
     * @param skipInboundLabelCheck Whether the label of incoming traffic is not checked, because something in front of this
     *     member has already checked and removed it.
     * @param acceptedLabels Other labels that are accepted as well, while the label of a running cluster changes.
     * @param acceptUnlabelled Whether traffic without a label is accepted as well, while the label of a running cluster
     *     changes.
     * @param allowedNetworks Networks that members may come from, as 10.0.0.0/8 or fd00::/8. Not set for all, empty for
     *     none.
     * @param requireNodeNames Whether seeds must be given as name/host:port.
     * @param dnsConfigPath File that names the name servers, for look-ups that ask them directly.
     */
    public record Network(
            @Nullable String bindAddress,
            @Nullable Integer bindPort,
            @Nullable String advertiseAddress,
            @Nullable String advertiseInterface,
            @Nullable String advertiseNetwork,
            @Nullable Integer advertisePort,
            @Nullable Duration tcpTimeout,
            @Nullable DataSize udpBufferSize,
            @Nullable String label,
            @Nullable Boolean skipInboundLabelCheck,
            @Nullable List<String> acceptedLabels,
            @Nullable Boolean acceptUnlabelled,
            @Nullable List<String> allowedNetworks,
            @Nullable Boolean requireNodeNames,
            @Nullable String dnsConfigPath) {}

    /**
     * What carries packets and streams. All members of a cluster need the same.
     *
     * @param type Transport: udp has packets over UDP and streams over TCP; tls has both over TLS as Alertmanager does; tcp has
     *     both over TCP, with TLS or without, as Grafana's dskit does.
     * @param maxPacketSize Largest packet that is sent or taken, with tls and tcp; 1KB to 64MB.
     * @param maxConnections How many connections to others carry packets at a time, with tls and tcp; 16 to 65535.
     * @param maxQueueSize How much waits to be sent to one member that is slow, with tls and tcp; 64KB to 64MB. The oldest
     *     packets are dropped where there is more.
     */
    public record Transport(
            @DefaultValue("udp") Type type,
            @Nullable DataSize maxPacketSize,
            @Nullable Integer maxConnections,
            @Nullable DataSize maxQueueSize) {
        /** What transports are called. */
        public enum Type {
            /** Packets over UDP, streams over TCP. */
            UDP,
            /** Both over TLS, framed as Alertmanager does. */
            TLS,
            /** Both over TCP, with TLS or without, framed as dskit does. */
            TCP
        }
    }

    /**
     * TLS of the transports that have it.
     *
     * @param bundle Name of the SSL bundle with the key of this member and the certificates that it trusts.
     * @param clientBundle Name of another SSL bundle for the connections that this member opens. Defaults to bundle.
     * @param verify What the certificate of another member must be valid for: address for its IP address; name for the name in
     *     peer-name, or otherwise the name of the member; none for neither. Somebody who is trusted must have signed it in any
     *     case.
     * @param peerName Name that the certificates of all other members have.
     * @param clientAuth Whether those who connect to this member need a certificate.
     */
    public record Ssl(
            @Nullable String bundle,
            @Nullable String clientBundle,
            @DefaultValue("address") PeerCheck verify,
            @Nullable String peerName,
            @DefaultValue("true") boolean clientAuth) {
        /** {@return whether a bundle is named} Tests of applications set an empty name, where they have a network of their own. */
        boolean hasBundle() {
            return bundle != null && !bundle.isEmpty();
        }
    }

    /**
     * How messages are compressed. What arrives is read however it is compressed.
     *
     * @param enabled Whether to compress packets where that makes them smaller, and messages on streams.
     * @param algorithm Algorithm for what is sent. Snappy takes less of the processor, but the Go library reads LZW only:
     *     choose it where all members are of this library or on Grafana's fork of the Go library.
     */
    public record Compression(
            @Nullable Boolean enabled, @Nullable CompressionAlgorithm algorithm) {}

    /**
     * Protocol versions that the member speaks. Members that do not understand each other's versions refuse to merge.
     *
     * @param version Version of the cluster protocol to speak, 1 to 5.
     * @param delegateMin Lowest version of the application's own protocol that is understood, 0 to 255.
     * @param delegateMax Highest version of the application's own protocol that is understood, 0 to 255.
     * @param delegateVersion Version of the application's own protocol to speak, 0 to 255.
     */
    public record Protocol(
            @Nullable Integer version,
            @Nullable Integer delegateMin,
            @Nullable Integer delegateMax,
            @Nullable Integer delegateVersion) {}

    /**
     * How the member probes the others.
     *
     * @param interval Time between probes.
     * @param timeout How long a direct ping may take before other members are asked to ping; not above the interval.
     * @param indirectChecks How many members are asked to ping a member that did not answer.
     * @param disableStreamPings Whether no member is pinged over a stream when packets get no answer.
     * @param disableStreamPingsFor Names of the members that are never pinged over a stream.
     */
    public record Probe(
            @Nullable Duration interval,
            @Nullable Duration timeout,
            @Nullable Integer indirectChecks,
            @Nullable Boolean disableStreamPings,
            @DefaultValue List<String> disableStreamPingsFor) {}

    /**
     * How long a member that does not answer stays suspected.
     *
     * @param multiplier Factor of the shortest suspicion, which lasts this times max(1, log10(members)) probe intervals.
     * @param maxTimeoutMultiplier How many times longer than the shortest a suspicion lasts that no other member confirms.
     * @param awarenessMaxMultiplier Bound of the local health score, which stretches this member's own timeouts.
     */
    public record Suspicion(
            @Nullable Integer multiplier,
            @Nullable Integer maxTimeoutMultiplier,
            @Nullable Integer awarenessMaxMultiplier) {}

    /**
     * When a member that fails and comes back again and again counts as degraded.
     *
     * @param failures How many failures, of which one counts half after the half-life, make a member degraded; 0 for never.
     * @param halfLife Time after which a failure counts half, and for which a degraded member must be quiet to be well again.
     * @param failAfter How long a degraded member stays dead before the application is told that it failed.
     */
    public record Flapping(
            @Nullable Integer failures,
            @Nullable Duration halfLife,
            @Nullable Duration failAfter) {}

    /**
     * How the member spreads news.
     *
     * @param interval Time between rounds of gossip; zero for none.
     * @param nodes How many members get gossip in a round.
     * @param toTheDeadTime How long a failed member is remembered and still gets gossip.
     * @param retransmitMultiplier Factor of retransmissions: each message is sent this times ceil(log10(members + 1)) times.
     * @param queueCheckInterval Time between checks of the length of the broadcast queue.
     */
    public record Gossip(
            @Nullable Duration interval,
            @Nullable Integer nodes,
            @Nullable Duration toTheDeadTime,
            @Nullable Integer retransmitMultiplier,
            @Nullable Duration queueCheckInterval) {}

    /**
     * How the member exchanges its whole state with others (push/pull).
     *
     * @param interval Time between push/pulls, longer in clusters above 32 members; zero for none.
     * @param reconnectInterval How often failed members are contacted again: each member contacts each of them once in two and a
     *     half times as long, and less often in clusters above 32 members. Zero for never, and for seeds that are asked only until
     *     another member is met.
     * @param reconnectTimeout How long failed members are contacted again.
     */
    public record StateSync(
            @Nullable Duration interval,
            @Nullable Duration reconnectInterval,
            @Nullable Duration reconnectTimeout) {}

    /**
     * Keys, and how strictly they are used. Not shown by {@link #toString()}.
     *
     * @param keys Keys in Base64, of 16, 24 or 32 bytes for AES-128, -192 or -256; the first encrypts, every one decrypts.
     *     Without keys nothing is encrypted.
     * @param verifyIncoming Whether plaintext is refused where there are keys; false while a running cluster turns
     *     encryption on.
     * @param verifyOutgoing Whether to encrypt where there are keys; false while a running cluster turns encryption on.
     * @param maxMessageAge How long ago a message of a Java member may have been encrypted, so that what somebody has recorded
     *     cannot be sent again later; at least 10s, and more than clocks differ. Zero for any time. Messages of members without
     *     this setting are accepted at any age.
     */
    public record Encryption(
            @Nullable List<String> keys,
            @Nullable Boolean verifyIncoming,
            @Nullable Boolean verifyOutgoing,
            @Nullable Duration maxMessageAge) {
        @Override
        public String toString() {
            return "Encryption[" + (keys == null ? 0 : keys.size()) + " keys, verifyIncoming=" + verifyIncoming
                    + ", verifyOutgoing=" + verifyOutgoing + ", maxMessageAge=" + maxMessageAge + "]";
        }
    }

    /**
     * How much the member accepts from others and holds for them, so that none of them can exhaust it.
     *
     * @param userMessageSize Most bytes in one user message on a stream.
     * @param userStateSize Most bytes of application state in one push/pull.
     * @param maxMembers Most members that are known, in whatever state. Beyond, a newcomer takes the place of one that has
     *     never answered, or is not taken in, and is counted.
     * @param pushPullNodes Most members in one push/pull.
     * @param pushPullsServed How many push/pulls are served at the same time, no more than half of them for one address;
     *     beyond that others are turned away and counted. Newcomers are answered together, and do not count.
     * @param decompressedSize Most bytes that one compressed message may unpack to.
     * @param encryptedFrameSize Most bytes in one encrypted message on a stream.
     * @param handoffQueueDepth How many user messages may wait for the application; more are dropped and counted.
     * @param joinConcurrency How many seeds are contacted at the same time.
     */
    public record Limits(
            @Nullable DataSize userMessageSize,
            @Nullable DataSize userStateSize,
            @Nullable Integer maxMembers,
            @Nullable Integer pushPullNodes,
            @Nullable Integer pushPullsServed,
            @Nullable DataSize decompressedSize,
            @Nullable DataSize encryptedFrameSize,
            @Nullable Integer handoffQueueDepth,
            @Nullable Integer joinConcurrency) {}

    /**
     * Cluster messages that reach everybody.
     *
     * @param enabled Whether cluster messages are at work; where they are not, envelopes are user messages like any other.
     * @param queueDepth Cluster messages that may wait to be sent; more are refused.
     * @param handlerQueueDepth How many cluster messages may wait for each handler. Further broadcasts wait at other members
     *     until there is room; messages to this member are dropped and counted.
     * @param requestConcurrency How many requests of a topic a handler is given at the same time.
     * @param packetRate Packets a second that cluster messages may take.
     * @param directTargets Members that one member sends a broadcast to itself; beyond, the first receivers pass it on as a tree.
     * @param streamConcurrency Streams open at the same time for cluster messages.
     * @param storeSize Bytes of broadcasts kept for members that missed them. A member sends no more than that ahead of a
     *     member that lacks some.
     * @param storeAge How old a broadcast may get: how long it is kept for others, passed on, and its id remembered.
     * @param holdBack How long a broadcast waits for an earlier one of the same origin and topic; zero for not at all.
     * @param maxOrigins Origins whose messages are told apart; the one that was silent longest is forgotten.
     * @param requestTimeout How long an answer may take where the template is not told otherwise.
     * @param topics Classes by the topic their objects travel under, instead of the name of the class. Such topics are
     *     received whether or not a listener names the class.
     * @param topicsWithoutHistory Topics of which listeners get no broadcast from before this member was started.
     */
    public record Messaging(
            @Nullable Boolean enabled,
            @Nullable Integer queueDepth,
            @Nullable Integer handlerQueueDepth,
            @Nullable Integer requestConcurrency,
            @Nullable Integer packetRate,
            @Nullable Integer directTargets,
            @Nullable Integer streamConcurrency,
            @Nullable DataSize storeSize,
            @Nullable Duration storeAge,
            @Nullable Duration holdBack,
            @Nullable Integer maxOrigins,
            @DefaultValue("5s") Duration requestTimeout,
            @DefaultValue Map<String, Class<?>> topics,
            @DefaultValue Set<String> topicsWithoutHistory) {
        /**
         * Checks what the engine does not.
         *
         * @throws InvalidSettingException if {@code requestTimeout} is not above zero, or too long
         */
        public Messaging {
            ConfigRules.positive("memberlist.messaging.request-timeout", requestTimeout);
        }
    }

    /**
     * The health indicator.
     *
     * @param outOfServiceUntilJoined Whether the health is OUT_OF_SERVICE until the member has met others for the first time, if seeds are configured.
     */
    public record Health(@DefaultValue("false") boolean outOfServiceUntilJoined) {}
}
