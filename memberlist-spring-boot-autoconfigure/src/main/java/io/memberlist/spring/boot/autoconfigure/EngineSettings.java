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
    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[a-z]+(?:[A-Z][a-z]*)+\\b");

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("nodeName", "node-name"),
            Map.entry("bindAddress", "bind-address"),
            Map.entry("bindPort", "bind-port"),
            Map.entry("advertiseAddress", "advertise-address"),
            Map.entry("advertisePort", "advertise-port"),
            Map.entry("protocolVersion", "protocol-version"),
            Map.entry("tcpTimeout", "tcp-timeout"),
            Map.entry("indirectChecks", "probe.indirect-checks"),
            Map.entry("retransmitMultiplier", "gossip.retransmit-multiplier"),
            Map.entry("suspicionMultiplier", "suspicion.multiplier"),
            Map.entry("suspicionMaxTimeoutMultiplier", "suspicion.max-timeout-multiplier"),
            Map.entry("pushPullInterval", "push-pull.interval"),
            Map.entry("probeInterval", "probe.interval"),
            Map.entry("probeTimeout", "probe.timeout"),
            Map.entry("disableStreamPings", "probe.disable-stream-pings"),
            Map.entry("disableStreamPingsFor", "probe.disable-stream-pings-for"),
            Map.entry("awarenessMaxMultiplier", "suspicion.awareness-max-multiplier"),
            Map.entry("gossipInterval", "gossip.interval"),
            Map.entry("gossipNodes", "gossip.nodes"),
            Map.entry("gossipToTheDeadTime", "gossip.to-the-dead-time"),
            Map.entry("compression", "compression"),
            Map.entry("udpBufferSize", "udp-buffer-size"),
            Map.entry("handoffQueueDepth", "limits.handoff-queue-depth"),
            Map.entry("keyring", "encryption.keys"),
            Map.entry("verifyIncoming", "encryption.verify-incoming"),
            Map.entry("verifyOutgoing", "encryption.verify-outgoing"),
            Map.entry("label", "label"),
            Map.entry("skipInboundLabelCheck", "skip-inbound-label-check"),
            Map.entry("allowedNetworks", "allowed-networks"),
            Map.entry("deadNodeReclaimTime", "dead-node-reclaim-time"),
            Map.entry("requireNodeNames", "require-node-names"),
            Map.entry("reconnectInterval", "reconnect.interval"),
            Map.entry("reconnectTimeout", "reconnect.timeout"),
            Map.entry("queueCheckInterval", "queue-check-interval"),
            Map.entry("dnsConfigPath", "dns-config-path"),
            Map.entry("delegateProtocolMin", "delegate-protocol.min"),
            Map.entry("delegateProtocolMax", "delegate-protocol.max"),
            Map.entry("delegateProtocolVersion", "delegate-protocol.version"),
            Map.entry("meta", "meta"),
            Map.entry("maxUserStateSize", "limits.user-state-size"),
            Map.entry("maxUserMessageSize", "limits.user-message-size"),
            Map.entry("maxPushPullNodes", "limits.push-pull-nodes"),
            Map.entry("maxDecompressedSize", "limits.decompressed-size"),
            Map.entry("maxEncryptedFrameSize", "limits.encrypted-frame-size"),
            Map.entry("maxPushPullsServed", "limits.push-pulls-served"),
            Map.entry("maxJoinConcurrency", "limits.join-concurrency"),
            Map.entry("messagingEnabled", "messaging.enabled"),
            Map.entry("messagingQueueDepth", "messaging.queue-depth"),
            Map.entry("messagingPacketRate", "messaging.packet-rate"),
            Map.entry("messagingDirectTargets", "messaging.direct-targets"),
            Map.entry("messagingStreamConcurrency", "messaging.stream-concurrency"),
            Map.entry("messagingStoreSize", "messaging.store-size"),
            Map.entry("messagingStoreAge", "messaging.store-age"),
            Map.entry("messagingHoldBack", "messaging.hold-back"),
            Map.entry("messagingMaxOrigins", "messaging.max-origins"));

    private EngineSettings() {}

    /** {@return the property that sets the engine's setting, or the setting itself where there is none} */
    static String property(String setting) {
        String property = PROPERTIES.get(setting);
        return property == null ? setting : "memberlist." + property;
    }

    /** {@return the engine's complaint in the words of the properties} */
    static InvalidMemberlistPropertyException translate(InvalidSettingException refused) {
        String message = CAMEL_CASE.matcher(refused.getMessage()).replaceAll(EngineSettings::inWords);
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
