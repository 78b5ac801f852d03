package io.memberlist;

import io.memberlist.config.Cidr;
import io.memberlist.config.CompressionConfig;
import io.memberlist.config.ConfigRules;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.Delegate;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.swim.Counters;
import io.memberlist.swim.LifeguardSwitches;
import io.memberlist.swim.Seeds;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import io.memberlist.wire.Compression;
import io.memberlist.wire.NonceSource;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the lives of one member: looks up and binds its address, finds out what to advertise, and starts the protocol.
 * When a step fails, everything that was opened is closed again.
 */
final class Launch {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final SwimNode.Lifelong lifelong;

    private Launch(SwimNode.Lifelong lifelong) {
        this.lifelong = lifelong;
    }

    static CompletableFuture<Memberlist> start(MemberlistConfig config) {
        return start(config, LifeguardSwitches.ALL, new SecureRandom()::nextBytes);
    }

    static CompletableFuture<Memberlist> start(
            MemberlistConfig config, LifeguardSwitches switches, NonceSource nonces) {
        JoinListeners listeners = new JoinListeners();
        Launch launch =
                new Launch(new SwimNode.Lifelong(switches, nonces, new Counters(), new Seeds(), listeners::joined));
        return launch.begin(config, config.network().bindPort())
                .thenApply(life -> new DefaultMemberlist(launch, listeners, life));
    }

    /**
     * Begins a life of the member, which goes on counting where the one before it ended.
     *
     * @param port the port to bind instead of the configured one; 0 to let the system pick one
     * @return fails with {@link MemberlistException}
     */
    CompletableFuture<Life> begin(MemberlistConfig given, int port) {
        CompletableFuture<Life> begun = new CompletableFuture<>();
        MemberlistConfig config = withDelegate(given);
        TransportFactory factory =
                config.transportFactory() != null ? config.transportFactory() : NettyTransportFactory.shared();
        bindAddress(config, port)
                .thenCompose(factory::open)
                .thenCompose(transport -> AdvertisedAddress.find(config, transport)
                        .thenCompose(advertised -> begin(config, transport, advertised))
                        .whenComplete((life, failure) -> {
                            if (failure != null) {
                                transport.close();
                            }
                        }))
                .whenComplete((life, failure) ->
                        Completion.of(begun, life).done(null, failure == null ? null : asMemberlistException(failure)));
        return begun;
    }

    /** Puts the parts of a {@link Delegate} where no other delegate is given for them. */
    private static MemberlistConfig withDelegate(MemberlistConfig config) {
        Delegate delegate = config.delegates().delegate();
        if (delegate == null) {
            return config;
        }
        MemberlistConfigBuilder all = config.toBuilder().meta(nodeMeta(delegate));
        if (config.delegates().message() == null) {
            all.delegates(d -> d.message(delegate));
        }
        if (config.delegates().state() == null) {
            all.delegates(d -> d.state(delegate));
        }
        return all.build();
    }

    static byte[] nodeMeta(Delegate delegate) {
        byte[] meta = delegate.nodeMeta(Member.META_MAX_SIZE);
        ConfigRules.meta(meta);
        return meta;
    }

    private static CompletableFuture<InetSocketAddress> bindAddress(MemberlistConfig config, int port) {
        Cidr inside = config.network().advertiseNetwork();
        boolean advertisesIPv6 = inside != null && inside.network() instanceof Inet6Address;
        String given = config.network().bindAddress();
        String host = given.equals("0.0.0.0") && advertisesIPv6 ? "::" : given;
        Supplier<InetSocketAddress> lookUp = () -> {
            try {
                return new InetSocketAddress(InetAddress.getByName(host), port);
            } catch (UnknownHostException e) {
                throw new InvalidSettingException(
                        "network.bindAddress",
                        "network.bindAddress '" + host
                                + "' is neither an IP address nor a host name that resolves: correct it, or use"
                                + " 0.0.0.0 for all addresses of this machine",
                        e);
            }
        };
        // Only a host name asks the network, and then not on the caller's time.
        boolean literal = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
        Executor where = literal ? Runnable::run : ForkJoinPool.commonPool();
        try {
            return CompletableFuture.supplyAsync(lookUp, where);
        } catch (OutOfMemoryError e) {
            return CompletableFuture.failedFuture(new MemberlistException(
                    "cannot look up " + config.settingName("network.bindAddress") + " '" + host + "': " + e.getMessage()
                            + "; raise the limit of threads of this process, or give an IP address",
                    e));
        }
    }

    static WireFormat wireFormat(MemberlistConfig config) {
        WireLimits limits = new WireLimits(
                config.limits().userStateSize(),
                config.limits().userMessageSize(),
                config.limits().pushPullNodes(),
                config.limits().decompressedSize(),
                config.limits().encryptedFrameSize());
        // Members of protocol 1 know only the padded encryption.
        int encryptionVersion = config.protocol().version() == 1 ? 0 : 1;
        return new WireFormat(
                compression(config.compression()),
                encryptionVersion,
                config.network().label(),
                config.network().skipInboundLabelCheck(),
                config.encryption().keyring(),
                config.encryption().verifyIncoming(),
                config.encryption().verifyOutgoing(),
                limits);
    }

    private static Compression compression(CompressionConfig config) {
        if (!config.enabled()) {
            return Compression.NONE;
        }
        return switch (config.algorithm()) {
            case LZW -> Compression.LZW;
            case SNAPPY -> Compression.SNAPPY;
        };
    }

    /** Logs what is unwise about an address that is advertised from now on. */
    static void warnOfAddress(MemberlistConfig config, AdvertisedAddress advertised) {
        warnOfPublicPlaintext(config, advertised.ip());
        warnOfNetworksWithoutMe(config, advertised.ip());
    }

    private static void warnOfPublicPlaintext(MemberlistConfig config, InetAddress advertised) {
        if (config.encryption().keyring() == null && AddressChooser.isPublic(advertised)) {
            log.warn(
                    "{}: Binding to public address without encryption! Anybody can read along and take part: set a key,"
                            + " or advertise a private address",
                    config.nodeName());
        }
    }

    private static void warnOfNetworksWithoutMe(MemberlistConfig config, InetAddress advertised) {
        List<Cidr> networks = config.network().allowedNetworks();
        String ip = advertised.getHostAddress();
        if (networks == null) {
            return;
        }
        if (networks.isEmpty()) {
            log.warn(
                    "{}: {} is empty, so nobody may become a member here: name the networks that members"
                            + " come from, such as {}/24, or leave it out to allow all",
                    config.nodeName(),
                    config.settingName("network.allowedNetworks"),
                    ip);
        } else if (networks.stream().noneMatch(network -> network.contains(advertised))) {
            log.warn(
                    "{}: {} {} leaves out this member's own address {}, so members with the same setting"
                            + " keep it out: add its network, or advertise an address inside",
                    config.nodeName(),
                    config.settingName("network.allowedNetworks"),
                    networks,
                    ip);
        }
    }

    private CompletableFuture<Life> begin(MemberlistConfig config, Transport transport, AdvertisedAddress advertised) {
        EventLoop loop = transport.eventLoop();
        warnOfAddress(config, advertised);
        CompletableFuture<Life> begun = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                SwimNode node = new SwimNode(config, lifelong, wireFormat(config), transport, advertised.address());
                AddressWatch watch = new AddressWatch(config, transport, node, advertised);
                Life life = new Life(config, transport, node, watch);
                transport.advertise(advertised.address());
                transport.start(node.listener());
                node.start();
                watch.start();
                log.info("{}: advertising {}", config.nodeName(), advertised.text());
                log.info(
                        "{}: a member at {}:{} over {}, {}",
                        config.nodeName(),
                        advertised.ip().getHostAddress(),
                        advertised.address().getPort(),
                        transport.type(),
                        config.encryption().keyring() == null
                                ? transport.security() == null ? "not encrypted" : "encrypted by TLS"
                                : "encrypted, " + config.encryption().keyring());
                if (config.encryption().keyring() != null && transport.security() != null) {
                    log.info(
                            "{}: what it sends is encrypted twice, by TLS and by the keys: one of them is enough",
                            config.nodeName());
                }
                loop.detach(() -> begun.complete(life));
            } catch (Throwable e) {
                // errors as well: extensions and delegates are the application's, and somebody waits for the member
                loop.detach(() -> begun.completeExceptionally(e));
            }
        });
        return begun;
    }

    private static MemberlistException asMemberlistException(Throwable failure) {
        Throwable cause = Causes.unwrap(failure);
        return cause instanceof MemberlistException known
                ? known
                : new MemberlistException(String.valueOf(cause.getMessage()), cause);
    }
}
