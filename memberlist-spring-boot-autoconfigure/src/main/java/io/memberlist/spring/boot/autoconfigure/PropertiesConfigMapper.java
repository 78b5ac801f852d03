package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberlistException;
import io.memberlist.member.Tags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/** Carries the properties over to the engine's builder; what is not set stays as the profile has it. */
final class PropertiesConfigMapper {
    private PropertiesConfigMapper() {}

    static MemberlistConfigBuilder builder(MemberlistProperties properties) {
        MemberlistConfigBuilder builder = properties.profile().preset();
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::nodeName).to(builder::nodeName);
        map.from(properties::bindAddress).to(it -> builder.network(group -> group.bindAddress(it)));
        map.from(properties::bindPort).to(it -> builder.network(group -> group.bindPort(it)));
        map.from(properties::advertiseAddress).to(it -> builder.network(group -> group.advertiseAddress(it)));
        map.from(properties::advertisePort).to(it -> builder.network(group -> group.advertisePort(it)));
        map.from(properties::protocolVersion).to(it -> builder.protocol(group -> group.version(it)));
        map.from(properties::tcpTimeout).to(it -> builder.network(group -> group.tcpTimeout(it)));
        map.from(properties::compression).to(it -> builder.network(group -> group.compression(it)));
        map.from(properties::deadNodeReclaimTime).to(builder::deadNodeReclaimTime);
        map.from(properties::requireNodeNames).to(it -> builder.network(group -> group.requireNodeNames(it)));
        map.from(properties::queueCheckInterval).to(it -> builder.gossip(group -> group.queueCheckInterval(it)));
        map.from(properties.pushPull()::interval).to(it -> builder.stateSync(group -> group.interval(it)));
        map.from(properties::udpBufferSize)
                .as(size -> bytes("udp-buffer-size", size))
                .to(it -> builder.network(group -> group.udpBufferSize(it)));
        map.from(properties::label).to(it -> builder.network(group -> group.label(it)));
        map.from(properties::skipInboundLabelCheck).to(it -> builder.network(group -> group.skipInboundLabelCheck(it)));
        map.from(properties::allowedNetworks)
                .as(PropertiesConfigMapper::networks)
                .to(it -> builder.network(group -> group.allowedNetworks(it)));
        map.from(properties::dnsConfigPath).to(it -> builder.network(group -> group.dnsConfigPath(it)));
        map.from(properties.reconnect()::interval).to(it -> builder.stateSync(group -> group.reconnectInterval(it)));
        map.from(properties.reconnect()::timeout).to(it -> builder.stateSync(group -> group.reconnectTimeout(it)));
        builder.meta(meta(properties));
        probe(map, properties.probe(), builder);
        suspicion(map, properties.suspicion(), builder);
        gossip(map, properties.gossip(), builder);
        delegateProtocol(map, properties.delegateProtocol(), builder);
        encryption(map, properties.encryption(), builder);
        limits(map, properties.limits(), builder);
        messaging(map, properties.messaging(), builder);
        return builder;
    }

    private static byte[] meta(MemberlistProperties properties) {
        if (properties.tags().isEmpty()) {
            return properties.meta().getBytes(StandardCharsets.UTF_8);
        }
        if (!properties.meta().isEmpty()) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.meta",
                    "memberlist.tags is set as well, and both are carried in the metadata of the member",
                    "keep one of memberlist.meta and memberlist.tags");
        }
        try {
            return Tags.encode(properties.tags());
        } catch (InvalidSettingException e) {
            InvalidMemberlistPropertyException translated = EngineSettings.translate(e);
            throw new InvalidMemberlistPropertyException(
                    "memberlist.tags", translated.problem(), translated.remedy(), e);
        }
    }

    private static List<Cidr> networks(List<String> texts) {
        List<Cidr> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                networks.add(Cidr.parse(texts.get(i)));
            } catch (MemberlistException e) {
                throw new InvalidMemberlistPropertyException(
                        "memberlist.allowed-networks[" + i + "]",
                        "'" + texts.get(i) + "' is no network in CIDR notation",
                        "write an address, a slash and the number of its bits that count (at most 32 for IPv4, 128 for"
                                + " IPv6), as 10.0.0.0/8 or fd00::/8",
                        e);
            }
        }
        return networks;
    }

    private static void encryption(
            PropertyMapper map, MemberlistProperties.Encryption encryption, MemberlistConfigBuilder builder) {
        map.from(encryption::verifyIncoming).to(it -> builder.encryption(group -> group.verifyIncoming(it)));
        map.from(encryption::verifyOutgoing).to(it -> builder.encryption(group -> group.verifyOutgoing(it)));
        map.from(encryption::keys).as(EncryptionKeys::keyring).to(it -> builder.encryption(group -> group.keyring(it)));
    }

    private static void limits(
            PropertyMapper map, MemberlistProperties.Limits limits, MemberlistConfigBuilder builder) {
        size(
                map,
                "user-message-size",
                limits::userMessageSize,
                it -> builder.limits(group -> group.userMessageSize(it)));
        size(map, "user-state-size", limits::userStateSize, it -> builder.limits(group -> group.userStateSize(it)));
        size(
                map,
                "decompressed-size",
                limits::decompressedSize,
                it -> builder.limits(group -> group.decompressedSize(it)));
        size(
                map,
                "encrypted-frame-size",
                limits::encryptedFrameSize,
                it -> builder.limits(group -> group.encryptedFrameSize(it)));
        map.from(limits::pushPullNodes).to(it -> builder.limits(group -> group.pushPullNodes(it)));
        map.from(limits::pushPullsServed).to(it -> builder.limits(group -> group.pushPullsServed(it)));
        map.from(limits::handoffQueueDepth).to(it -> builder.limits(group -> group.handoffQueueDepth(it)));
        map.from(limits::joinConcurrency).to(it -> builder.limits(group -> group.joinConcurrency(it)));
    }

    private static void messaging(
            PropertyMapper map, MemberlistProperties.Messaging messaging, MemberlistConfigBuilder builder) {
        map.from(messaging::enabled).to(it -> builder.messaging(group -> group.enabled(it)));
        map.from(messaging::queueDepth).to(it -> builder.messaging(group -> group.queueDepth(it)));
        map.from(messaging::packetRate).to(it -> builder.messaging(group -> group.packetRate(it)));
        map.from(messaging::directTargets).to(it -> builder.messaging(group -> group.directTargets(it)));
        map.from(messaging::streamConcurrency).to(it -> builder.messaging(group -> group.streamConcurrency(it)));
        map.from(messaging::storeSize)
                .as(size -> bytes("messaging.store-size", size))
                .to(it -> builder.messaging(group -> group.storeSize(it)));
        map.from(messaging::storeAge).to(it -> builder.messaging(group -> group.storeAge(it)));
        map.from(messaging::holdBack).to(it -> builder.messaging(group -> group.holdBack(it)));
        map.from(messaging::maxOrigins).to(it -> builder.messaging(group -> group.maxOrigins(it)));
    }

    private static void size(
            PropertyMapper map, String name, Supplier<@Nullable DataSize> limit, Consumer<Integer> setting) {
        map.from(limit).as(size -> bytes("limits." + name, size)).to(setting);
    }

    private static void probe(PropertyMapper map, MemberlistProperties.Probe probe, MemberlistConfigBuilder builder) {
        map.from(probe::interval).to(it -> builder.probe(group -> group.interval(it)));
        map.from(probe::timeout).to(it -> builder.probe(group -> group.timeout(it)));
        map.from(probe::indirectChecks).to(it -> builder.probe(group -> group.indirectChecks(it)));
        map.from(probe::disableStreamPings).to(it -> builder.probe(group -> group.disableStreamPings(it)));
        if (!probe.disableStreamPingsFor().isEmpty()) {
            builder.probe(it -> it.disableStreamPingsFor(Set.copyOf(probe.disableStreamPingsFor())::contains));
        }
    }

    private static void suspicion(
            PropertyMapper map, MemberlistProperties.Suspicion suspicion, MemberlistConfigBuilder builder) {
        map.from(suspicion::multiplier).to(it -> builder.suspicion(group -> group.multiplier(it)));
        map.from(suspicion::maxTimeoutMultiplier).to(it -> builder.suspicion(group -> group.maxTimeoutMultiplier(it)));
        map.from(suspicion::awarenessMaxMultiplier)
                .to(it -> builder.suspicion(group -> group.awarenessMaxMultiplier(it)));
    }

    private static void gossip(
            PropertyMapper map, MemberlistProperties.Gossip gossip, MemberlistConfigBuilder builder) {
        map.from(gossip::interval).to(it -> builder.gossip(group -> group.interval(it)));
        map.from(gossip::nodes).to(it -> builder.gossip(group -> group.nodes(it)));
        map.from(gossip::toTheDeadTime).to(it -> builder.gossip(group -> group.toTheDeadTime(it)));
        map.from(gossip::retransmitMultiplier).to(it -> builder.gossip(group -> group.retransmitMultiplier(it)));
    }

    private static void delegateProtocol(
            PropertyMapper map, MemberlistProperties.DelegateProtocol versions, MemberlistConfigBuilder builder) {
        map.from(versions::min).to(it -> builder.protocol(group -> group.delegateMin(it)));
        map.from(versions::max).to(it -> builder.protocol(group -> group.delegateMax(it)));
        map.from(versions::version).to(it -> builder.protocol(group -> group.delegateVersion(it)));
    }

    private static int bytes(String property, DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist." + property, size + " is more than the engine can count", "choose a size below 2GB");
        }
        return (int) size.toBytes();
    }
}
