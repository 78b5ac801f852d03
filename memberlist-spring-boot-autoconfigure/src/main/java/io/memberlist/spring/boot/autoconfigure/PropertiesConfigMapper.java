package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.MemberlistConfigBuilder;
import io.memberlist.MemberlistException;
import java.nio.charset.StandardCharsets;
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
        map.from(properties::maxJoinConcurrency).to(builder::maxJoinConcurrency);
        map.from(properties::tcpTimeout).to(builder::tcpTimeout);
        map.from(properties::compression).to(builder::compression);
        map.from(properties::handoffQueueDepth).to(builder::handoffQueueDepth);
        map.from(properties::deadNodeReclaimTime).to(builder::deadNodeReclaimTime);
        map.from(properties::requireNodeNames).to(builder::requireNodeNames);
        map.from(properties::queueCheckInterval).to(builder::queueCheckInterval);
        map.from(properties.pushPull()::interval).to(builder::pushPullInterval);
        map.from(properties::meta)
                .as(text -> text.getBytes(StandardCharsets.UTF_8))
                .to(builder::meta);
        map.from(properties::udpBufferSize)
                .as(size -> bytes("udp-buffer-size", size))
                .to(builder::udpBufferSize);
        map.from(properties::maxUserMessageSize)
                .as(size -> bytes("max-user-message-size", size))
                .to(builder::maxUserMessageSize);
        map.from(properties::maxUserStateSize)
                .as(size -> bytes("max-user-state-size", size))
                .to(builder::maxUserStateSize);
        probe(map, properties.probe(), builder);
        suspicion(map, properties.suspicion(), builder);
        gossip(map, properties.gossip(), builder);
        delegateProtocol(map, properties.delegateProtocol(), builder);
        return builder;
    }

    private static void probe(PropertyMapper map, MemberlistProperties.Probe probe, MemberlistConfigBuilder builder) {
        map.from(probe::interval).to(builder::probeInterval);
        map.from(probe::timeout).to(builder::probeTimeout);
        map.from(probe::indirectChecks).to(builder::indirectChecks);
        map.from(probe::disableStreamPings).to(builder::disableStreamPings);
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
            throw new MemberlistException(
                    "memberlist." + property + " is " + size + ": it must be below 2 GB; choose a smaller size");
        }
        return (int) size.toBytes();
    }
}
