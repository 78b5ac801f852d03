package io.memberlist.config;

import io.memberlist.extension.Extension;
import io.memberlist.transport.TransportFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a member behaves: every setting of the Go library's {@code Config}, in groups. Immutable; made from one of the three
 * presets.
 *
 * <pre>{@code
 * MemberlistConfig config = MemberlistConfig.lan()
 *         .nodeName("a")
 *         .network(network -> network.bindPort(0))
 *         .probe(probe -> probe.interval(Duration.ofSeconds(2)))
 *         .build();
 * }</pre>
 *
 * <p>Front ends such as the Spring Boot starter name a setting by its path, as {@code probe.interval}.
 *
 * @param nodeName the name of this member, unique in the cluster; at most 256 bytes in UTF-8
 * @param meta the initial metadata of this member, at most {@value io.memberlist.member.Member#META_MAX_SIZE} bytes
 * @param deadNodeReclaimTime how long after its failure a member's name may be taken over from another address without asking
 *     there; zero for never. A member that is found to be gone is replaced at once, whatever this says
 * @param network where the member listens, how others reach it, and what it accepts from them
 * @param compression how messages are compressed
 * @param protocol the protocol versions that the member speaks
 * @param probe how the member probes the others
 * @param suspicion how long a member that does not answer stays suspected
 * @param flapping when a member that fails and comes back again and again counts as degraded
 * @param gossip how the member spreads news
 * @param stateSync how the member exchanges its whole state with others
 * @param joinRetry when seeds are asked again
 * @param encryption the keys, and how strictly they are used
 * @param limits how much the member accepts from others and holds for them
 * @param extensions the layers on top of the protocol, in the order in which they are asked
 * @param delegates what the application implements
 * @param callbackExecutor the executor of the callbacks, which run one at a time for each member; null for a few threads
 *     shared by all members
 * @param transportFactory the network; null for UDP and TCP
 * @param settingNames gives the name of a setting to whoever reads the log and messages of errors, by its path
 */
@SuppressWarnings("ArrayRecordComponent")
public record MemberlistConfig(
        String nodeName,
        byte[] meta,
        Duration deadNodeReclaimTime,
        NetworkConfig network,
        CompressionConfig compression,
        ProtocolConfig protocol,
        ProbeConfig probe,
        SuspicionConfig suspicion,
        FlappingConfig flapping,
        GossipConfig gossip,
        StateSyncConfig stateSync,
        JoinRetryConfig joinRetry,
        EncryptionConfig encryption,
        LimitsConfig limits,
        List<Extension> extensions,
        Delegates delegates,
        @Nullable Executor callbackExecutor,
        @Nullable TransportFactory transportFactory,
        UnaryOperator<String> settingNames) {
    /**
     * Checks the bounds of the settings that are in no group, and copies the metadata.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it, the
     *     limit and the remedy
     */
    public MemberlistConfig {
        ConfigRules.name(nodeName);
        ConfigRules.meta(meta);
        ConfigRules.notNegative("deadNodeReclaimTime", deadNodeReclaimTime);
        meta = meta.clone();
        extensions = List.copyOf(extensions);
    }

    /** {@return a copy of the initial metadata} */
    @Override
    public byte[] meta() {
        return meta.clone();
    }

    /**
     * {@return the name of a setting where this configuration was written}
     *
     * @param path its path here, as {@code probe.interval}
     */
    public String settingName(String path) {
        return settingNames.apply(path);
    }

    /** {@return the preset for a local network: the Go library's {@code DefaultLANConfig}} */
    public static MemberlistConfigBuilder lan() {
        return new MemberlistConfigBuilder();
    }

    /** {@return the preset for links with long delays: the Go library's {@code DefaultWANConfig}} */
    public static MemberlistConfigBuilder wan() {
        return lan().network(network -> network.tcpTimeout(Duration.ofSeconds(30)))
                .probe(probe -> probe.interval(Duration.ofSeconds(5)).timeout(Duration.ofSeconds(3)))
                .suspicion(suspicion -> suspicion.multiplier(6))
                .gossip(gossip ->
                        gossip.interval(Duration.ofMillis(500)).nodes(4).toTheDeadTime(Duration.ofSeconds(60)))
                .stateSync(stateSync -> stateSync.interval(Duration.ofSeconds(60)));
    }

    /** {@return the preset for the loopback interface: the Go library's {@code DefaultLocalConfig}} */
    public static MemberlistConfigBuilder local() {
        return lan().network(network -> network.tcpTimeout(Duration.ofSeconds(1)))
                .probe(probe -> probe.timeout(Duration.ofMillis(200)).indirectChecks(1))
                .suspicion(suspicion -> suspicion.multiplier(3))
                .gossip(gossip -> gossip.interval(Duration.ofMillis(100))
                        .toTheDeadTime(Duration.ofSeconds(15))
                        .retransmitMultiplier(2))
                .stateSync(stateSync -> stateSync.interval(Duration.ofSeconds(15)));
    }

    /**
     * {@return the preset of Grafana's dskit, for clusters with Mimir, Loki and the like} Its members carry packets over TCP, so they
     * give a probe more time, and do not ping over streams, which would say nothing new. Other presets work as well.
     */
    public static MemberlistConfigBuilder dskit() {
        return lan().network(network -> network.tcpTimeout(Duration.ofSeconds(2)))
                .probe(probe -> probe.interval(Duration.ofSeconds(5))
                        .timeout(Duration.ofSeconds(2))
                        .disableStreamPings(true));
    }

    /** {@return a builder that starts from these settings} */
    public MemberlistConfigBuilder toBuilder() {
        return new MemberlistConfigBuilder(this);
    }
}
