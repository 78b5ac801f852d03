package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.InvalidSettingException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which property stands for which setting of the engine, so that who writes {@code application.yml} never has to guess
 * what the engine complains about.
 */
final class EngineSettings {
    private static final Pattern PATH = Pattern.compile("\\b[a-z][a-zA-Z]*(?:\\.[a-z][a-zA-Z]*)?\\b");

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("nodeName", "node-name"),
            Map.entry("network.bindAddress", "bind-address"),
            Map.entry("network.bindPort", "bind-port"),
            Map.entry("network.advertiseAddress", "advertise-address"),
            Map.entry("network.advertisePort", "advertise-port"),
            Map.entry("protocol.version", "protocol-version"),
            Map.entry("network.tcpTimeout", "tcp-timeout"),
            Map.entry("probe.indirectChecks", "probe.indirect-checks"),
            Map.entry("gossip.retransmitMultiplier", "gossip.retransmit-multiplier"),
            Map.entry("suspicion.multiplier", "suspicion.multiplier"),
            Map.entry("suspicion.maxTimeoutMultiplier", "suspicion.max-timeout-multiplier"),
            Map.entry("stateSync.interval", "push-pull.interval"),
            Map.entry("probe.interval", "probe.interval"),
            Map.entry("probe.timeout", "probe.timeout"),
            Map.entry("probe.disableStreamPings", "probe.disable-stream-pings"),
            Map.entry("probe.disableStreamPingsFor", "probe.disable-stream-pings-for"),
            Map.entry("suspicion.awarenessMaxMultiplier", "suspicion.awareness-max-multiplier"),
            Map.entry("gossip.interval", "gossip.interval"),
            Map.entry("gossip.nodes", "gossip.nodes"),
            Map.entry("gossip.toTheDeadTime", "gossip.to-the-dead-time"),
            Map.entry("network.compression", "compression"),
            Map.entry("network.udpBufferSize", "udp-buffer-size"),
            Map.entry("limits.handoffQueueDepth", "limits.handoff-queue-depth"),
            Map.entry("encryption.keyring", "encryption.keys"),
            Map.entry("encryption.verifyIncoming", "encryption.verify-incoming"),
            Map.entry("encryption.verifyOutgoing", "encryption.verify-outgoing"),
            Map.entry("network.label", "label"),
            Map.entry("network.skipInboundLabelCheck", "skip-inbound-label-check"),
            Map.entry("network.allowedNetworks", "allowed-networks"),
            Map.entry("deadNodeReclaimTime", "dead-node-reclaim-time"),
            Map.entry("network.requireNodeNames", "require-node-names"),
            Map.entry("stateSync.reconnectInterval", "reconnect.interval"),
            Map.entry("stateSync.reconnectTimeout", "reconnect.timeout"),
            Map.entry("gossip.queueCheckInterval", "queue-check-interval"),
            Map.entry("network.dnsConfigPath", "dns-config-path"),
            Map.entry("protocol.delegateMin", "delegate-protocol.min"),
            Map.entry("protocol.delegateMax", "delegate-protocol.max"),
            Map.entry("protocol.delegateVersion", "delegate-protocol.version"),
            Map.entry("meta", "meta"),
            Map.entry("limits.userStateSize", "limits.user-state-size"),
            Map.entry("limits.userMessageSize", "limits.user-message-size"),
            Map.entry("limits.pushPullNodes", "limits.push-pull-nodes"),
            Map.entry("limits.decompressedSize", "limits.decompressed-size"),
            Map.entry("limits.encryptedFrameSize", "limits.encrypted-frame-size"),
            Map.entry("limits.pushPullsServed", "limits.push-pulls-served"),
            Map.entry("limits.joinConcurrency", "limits.join-concurrency"),
            Map.entry("messaging.enabled", "messaging.enabled"),
            Map.entry("messaging.queueDepth", "messaging.queue-depth"),
            Map.entry("messaging.packetRate", "messaging.packet-rate"),
            Map.entry("messaging.directTargets", "messaging.direct-targets"),
            Map.entry("messaging.streamConcurrency", "messaging.stream-concurrency"),
            Map.entry("messaging.storeSize", "messaging.store-size"),
            Map.entry("messaging.storeAge", "messaging.store-age"),
            Map.entry("messaging.holdBack", "messaging.hold-back"),
            Map.entry("messaging.maxOrigins", "messaging.max-origins"));

    private EngineSettings() {}

    /** {@return the property that sets the engine's setting, or the setting itself where there is none} */
    static String property(String setting) {
        String property = PROPERTIES.get(setting);
        return property == null ? setting : "memberlist." + property;
    }

    /** {@return the engine's complaint in the words of the properties} */
    static InvalidMemberlistPropertyException translate(InvalidSettingException refused) {
        String message = PATH.matcher(refused.getMessage()).replaceAll(EngineSettings::inWords);
        // "the value and its limit: the remedy"
        int remedy = message.lastIndexOf(": ");
        String property = property(refused.setting());
        return remedy < 0
                ? new InvalidMemberlistPropertyException(property, message, "choose another value", refused)
                : new InvalidMemberlistPropertyException(
                        property, message.substring(0, remedy), message.substring(remedy + 2), refused);
    }

    private static String inWords(MatchResult word) {
        return property(word.group());
    }
}
