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
        map.from(properties::bindAddress).to(builder::bindAddress);
        map.from(properties::bindPort).to(builder::bindPort);
        map.from(properties::advertiseAddress).to(builder::advertiseAddress);
        map.from(properties::advertisePort).to(builder::advertisePort);
        map.from(properties::protocolVersion).to(builder::protocolVersion);
        map.from(properties::tcpTimeout).to(builder::tcpTimeout);
        map.from(properties::compression).to(builder::compression);
        map.from(properties::deadNodeReclaimTime).to(builder::deadNodeReclaimTime);
        map.from(properties::requireNodeNames).to(builder::requireNodeNames);
        map.from(properties::queueCheckInterval).to(builder::queueCheckInterval);
        map.from(properties.pushPull()::interval).to(builder::pushPullInterval);
        map.from(properties::udpBufferSize)
                .as(size -> bytes("udp-buffer-size", size))
                .to(builder::udpBufferSize);
        map.from(properties::label).to(builder::label);
        map.from(properties::skipInboundLabelCheck).to(builder::skipInboundLabelCheck);
        map.from(properties::allowedNetworks)
                .as(PropertiesConfigMapper::networks)
                .to(builder::allowedNetworks);
        map.from(properties::dnsConfigPath).to(builder::dnsConfigPath);
        map.from(properties.reconnect()::interval).to(builder::reconnectInterval);
        map.from(properties.reconnect()::timeout).to(builder::reconnectTimeout);
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
        map.from(encryption::verifyIncoming).to(builder::verifyIncoming);
        map.from(encryption::verifyOutgoing).to(builder::verifyOutgoing);
        map.from(encryption::keys).as(EncryptionKeys::keyring).to(builder::keyring);
    }

    private static void limits(
            PropertyMapper map, MemberlistProperties.Limits limits, MemberlistConfigBuilder builder) {
        size(map, "user-message-size", limits::userMessageSize, builder::maxUserMessageSize);
        size(map, "user-state-size", limits::userStateSize, builder::maxUserStateSize);
        size(map, "decompressed-size", limits::decompressedSize, builder::maxDecompressedSize);
        size(map, "encrypted-frame-size", limits::encryptedFrameSize, builder::maxEncryptedFrameSize);
        map.from(limits::pushPullNodes).to(builder::maxPushPullNodes);
        map.from(limits::pushPullsServed).to(builder::maxPushPullsServed);
        map.from(limits::handoffQueueDepth).to(builder::handoffQueueDepth);
        map.from(limits::joinConcurrency).to(builder::maxJoinConcurrency);
    }

    private static void messaging(
            PropertyMapper map, MemberlistProperties.Messaging messaging, MemberlistConfigBuilder builder) {
        map.from(messaging::enabled).to(builder::messagingEnabled);
        map.from(messaging::queueDepth).to(builder::messagingQueueDepth);
        map.from(messaging::packetRate).to(builder::messagingPacketRate);
        map.from(messaging::directTargets).to(builder::messagingDirectTargets);
        map.from(messaging::streamConcurrency).to(builder::messagingStreamConcurrency);
        map.from(messaging::storeSize)
                .as(size -> bytes("messaging.store-size", size))
                .to(builder::messagingStoreSize);
        map.from(messaging::storeAge).to(builder::messagingStoreAge);
        map.from(messaging::holdBack).to(builder::messagingHoldBack);
        map.from(messaging::maxOrigins).to(builder::messagingMaxOrigins);
    }

    private static void size(
            PropertyMapper map, String name, Supplier<@Nullable DataSize> limit, Consumer<Integer> setting) {
        map.from(limit).as(size -> bytes("limits." + name, size)).to(setting);
    }

    private static void probe(PropertyMapper map, MemberlistProperties.Probe probe, MemberlistConfigBuilder builder) {
        map.from(probe::interval).to(builder::probeInterval);
        map.from(probe::timeout).to(builder::probeTimeout);
        map.from(probe::indirectChecks).to(builder::indirectChecks);
        map.from(probe::disableStreamPings).to(builder::disableStreamPings);
        if (!probe.disableStreamPingsFor().isEmpty()) {
            builder.disableStreamPingsFor(Set.copyOf(probe.disableStreamPingsFor())::contains);
        }
    }

    private static void suspicion(
            PropertyMapper map, MemberlistProperties.Suspicion suspicion, MemberlistConfigBuilder builder) {
        map.from(suspicion::multiplier).to(builder::suspicionMultiplier);
        map.from(suspicion::maxTimeoutMultiplier).to(builder::suspicionMaxTimeoutMultiplier);
        map.from(suspicion::awarenessMaxMultiplier).to(builder::awarenessMaxMultiplier);
    }

    private static void gossip(
            PropertyMapper map, MemberlistProperties.Gossip gossip, MemberlistConfigBuilder builder) {
        map.from(gossip::interval).to(builder::gossipInterval);
        map.from(gossip::nodes).to(builder::gossipNodes);
        map.from(gossip::toTheDeadTime).to(builder::gossipToTheDeadTime);
        map.from(gossip::retransmitMultiplier).to(builder::retransmitMultiplier);
    }

    private static void delegateProtocol(
            PropertyMapper map, MemberlistProperties.DelegateProtocol versions, MemberlistConfigBuilder builder) {
        map.from(versions::min).to(builder::delegateProtocolMin);
        map.from(versions::max).to(builder::delegateProtocolMax);
        map.from(versions::version).to(builder::delegateProtocolVersion);
    }

    private static int bytes(String property, DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist." + property, size + " is more than the engine can count", "choose a size below 2GB");
        }
        return (int) size.toBytes();
    }
}
