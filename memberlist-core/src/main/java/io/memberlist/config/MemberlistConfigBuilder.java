package io.memberlist.config;

import io.memberlist.extension.Extension;
import io.memberlist.member.Member;
import io.memberlist.transport.TransportFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link MemberlistConfig}. Starts as the LAN preset; {@link #build()} checks the bounds of all settings. Not safe
 * for use by several threads at a time.
 */
public final class MemberlistConfigBuilder {
    private String nodeName = HostName.ofThisMachine();
    private byte[] meta = new byte[0];
    private Duration deadNodeReclaimTime = Duration.ZERO;
    private NetworkConfig.Builder network = new NetworkConfig.Builder();
    private CompressionConfig.Builder compression = new CompressionConfig.Builder();
    private ProtocolConfig.Builder protocol = new ProtocolConfig.Builder();
    private ProbeConfig.Builder probe = new ProbeConfig.Builder();
    private SuspicionConfig.Builder suspicion = new SuspicionConfig.Builder();
    private FlappingConfig.Builder flapping = new FlappingConfig.Builder();
    private GossipConfig.Builder gossip = new GossipConfig.Builder();
    private StateSyncConfig.Builder stateSync = new StateSyncConfig.Builder();
    private JoinRetryConfig.Builder joinRetry = new JoinRetryConfig.Builder();
    private EncryptionConfig.Builder encryption = new EncryptionConfig.Builder();
    private LimitsConfig.Builder limits = new LimitsConfig.Builder();
    private final List<Extension> extensions = new ArrayList<>();
    private Delegates.Builder delegates = new Delegates.Builder();
    private @Nullable Executor callbackExecutor;
    private @Nullable TransportFactory transportFactory;
    private UnaryOperator<String> settingNames = UnaryOperator.identity();

    MemberlistConfigBuilder() {}

    MemberlistConfigBuilder(MemberlistConfig from) {
        nodeName = from.nodeName();
        meta = from.meta();
        deadNodeReclaimTime = from.deadNodeReclaimTime();
        network = new NetworkConfig.Builder(from.network());
        compression = new CompressionConfig.Builder(from.compression());
        protocol = new ProtocolConfig.Builder(from.protocol());
        probe = new ProbeConfig.Builder(from.probe());
        suspicion = new SuspicionConfig.Builder(from.suspicion());
        flapping = new FlappingConfig.Builder(from.flapping());
        gossip = new GossipConfig.Builder(from.gossip());
        stateSync = new StateSyncConfig.Builder(from.stateSync());
        joinRetry = new JoinRetryConfig.Builder(from.joinRetry());
        encryption = new EncryptionConfig.Builder(from.encryption());
        limits = new LimitsConfig.Builder(from.limits());
        extensions.addAll(from.extensions());
        delegates = new Delegates.Builder(from.delegates());
        callbackExecutor = from.callbackExecutor();
        transportFactory = from.transportFactory();
        settingNames = from.settingNames();
    }

    /** Sets the name of this member, unique in the cluster; at most 256 bytes in UTF-8. */
    public MemberlistConfigBuilder nodeName(String nodeName) {
        this.nodeName = nodeName;
        return this;
    }

    /** Sets the initial metadata of this member, at most {@value Member#META_MAX_SIZE} bytes; copied by {@link #build()}. */
    public MemberlistConfigBuilder meta(byte[] meta) {
        this.meta = meta;
        return this;
    }

    /**
     * Sets how long after its failure a member's name may be taken over from another address without asking there. Zero means
     * never. A member that is found to be gone is replaced at once, whatever this says.
     */
    public MemberlistConfigBuilder deadNodeReclaimTime(Duration deadNodeReclaimTime) {
        this.deadNodeReclaimTime = deadNodeReclaimTime;
        return this;
    }

    /** Sets where the member listens, how others reach it, and what it accepts from them. */
    public MemberlistConfigBuilder network(Consumer<NetworkConfig.Builder> settings) {
        settings.accept(network);
        return this;
    }

    /** Sets how messages are compressed. */
    public MemberlistConfigBuilder compression(Consumer<CompressionConfig.Builder> settings) {
        settings.accept(compression);
        return this;
    }

    /** Sets the protocol versions that the member speaks. */
    public MemberlistConfigBuilder protocol(Consumer<ProtocolConfig.Builder> settings) {
        settings.accept(protocol);
        return this;
    }

    /** Sets how the member probes the others. */
    public MemberlistConfigBuilder probe(Consumer<ProbeConfig.Builder> settings) {
        settings.accept(probe);
        return this;
    }

    /** Sets how long a member that does not answer stays suspected. */
    public MemberlistConfigBuilder suspicion(Consumer<SuspicionConfig.Builder> settings) {
        settings.accept(suspicion);
        return this;
    }

    /** Sets when a member that fails and comes back again and again counts as degraded. */
    public MemberlistConfigBuilder flapping(Consumer<FlappingConfig.Builder> settings) {
        settings.accept(flapping);
        return this;
    }

    /** Sets how the member spreads news. */
    public MemberlistConfigBuilder gossip(Consumer<GossipConfig.Builder> settings) {
        settings.accept(gossip);
        return this;
    }

    /** Sets how the member exchanges its whole state with others. */
    public MemberlistConfigBuilder stateSync(Consumer<StateSyncConfig.Builder> settings) {
        settings.accept(stateSync);
        return this;
    }

    /** Sets when seeds are asked again. */
    public MemberlistConfigBuilder joinRetry(Consumer<JoinRetryConfig.Builder> settings) {
        settings.accept(joinRetry);
        return this;
    }

    /** Sets the keys, and how strictly they are used. */
    public MemberlistConfigBuilder encryption(Consumer<EncryptionConfig.Builder> settings) {
        settings.accept(encryption);
        return this;
    }

    /** Sets how much the member accepts from others and holds for them. */
    public MemberlistConfigBuilder limits(Consumer<LimitsConfig.Builder> settings) {
        settings.accept(limits);
        return this;
    }

    /** Adds a layer on top of the protocol, such as cluster messages. It is asked after those that were added before. */
    public MemberlistConfigBuilder extension(Extension extension) {
        extensions.add(extension);
        return this;
    }

    /** Sets the layers on top of the protocol, in the order in which they are asked, in place of those added before. */
    public MemberlistConfigBuilder extensions(List<? extends Extension> extensions) {
        this.extensions.clear();
        this.extensions.addAll(extensions);
        return this;
    }

    /** Sets what the application implements. */
    public MemberlistConfigBuilder delegates(Consumer<Delegates.Builder> settings) {
        settings.accept(delegates);
        return this;
    }

    /**
     * Sets the executor of the callbacks, which run one at a time for each member. Null means a few threads shared by all
     * members.
     */
    public MemberlistConfigBuilder callbackExecutor(@Nullable Executor callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
        return this;
    }

    /** Sets the network. Null means UDP and TCP. */
    public MemberlistConfigBuilder transportFactory(@Nullable TransportFactory transportFactory) {
        this.transportFactory = transportFactory;
        return this;
    }

    /**
     * Sets what gives the name of a setting to whoever reads the log and messages of errors. It is given the path of the
     * setting, as {@code network.bindPort}, which is the name by default. For front ends, whose users know other names.
     */
    public MemberlistConfigBuilder settingNames(UnaryOperator<String> settingNames) {
        this.settingNames = settingNames;
        return this;
    }

    /**
     * {@return the configuration}
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it, the
     *     limit and the remedy
     */
    public MemberlistConfig build() {
        return new MemberlistConfig(
                nodeName,
                meta,
                deadNodeReclaimTime,
                network.build(),
                compression.build(),
                protocol.build(),
                probe.build(),
                suspicion.build(),
                flapping.build(),
                gossip.build(),
                stateSync.build(),
                joinRetry.build(),
                encryption.build(),
                limits.build(),
                extensions,
                delegates.build(),
                callbackExecutor,
                transportFactory,
                settingNames);
    }
}
