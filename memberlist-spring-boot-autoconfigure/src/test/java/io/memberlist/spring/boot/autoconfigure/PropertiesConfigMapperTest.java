package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.memberlist.config.Cidr;
import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.config.MessagingConfig;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PropertiesConfigMapperTest {
    static final String KEY_16 = Base64.getEncoder().encodeToString(new byte[16]);
    static final String KEY_32 = Base64.getEncoder().encodeToString(new byte[32]);

    @ParameterizedTest
    @EnumSource
    void keepsTheDefaultsOfTheProfile(MemberlistProperties.Profile profile) {
        MemberlistProperties properties = bind(Map.of("profile", profile.name().toLowerCase(Locale.ROOT)));

        MemberlistConfig config = PropertiesConfigMapper.builder(properties).build();

        MemberlistConfig preset = profile.preset().build();
        assertThat(config).usingRecursiveComparison().isEqualTo(preset);
    }

    @Test
    void startsAsLanWithoutSeeds() {
        MemberlistProperties properties = bind(Map.of());

        assertThat(properties.enabled()).isTrue();
        assertThat(properties.profile()).isEqualTo(MemberlistProperties.Profile.LAN);
        assertThat(properties.join()).isEmpty();
        assertThat(properties.leaveTimeout()).hasSeconds(5);
        assertThat(properties.joinRetry()).isEqualTo(new MemberlistProperties.JoinRetry(null, null));
        assertThat(properties.health().outOfServiceUntilJoined()).isFalse();
    }

    @Test
    void carriesEveryPropertyOver() {
        Map<String, String> values = new HashMap<>();
        values.put("node-name", "a");
        values.put("network.bind-address", "127.0.0.1");
        values.put("network.bind-port", "1234");
        values.put("network.advertise-address", "10.0.0.1");
        values.put("network.advertise-interface", "eth1");
        values.put("network.advertise-network", "10.0.0.0/16");
        values.put("network.advertise-port", "4321");
        values.put("protocol.version", "5");
        values.put("limits.join-concurrency", "3");
        values.put("meta", "grün");
        values.put("network.tcp-timeout", "3s");
        values.put("compression.enabled", "false");
        values.put("compression.algorithm", "snappy");
        values.put("network.udp-buffer-size", "2KB");
        values.put("probe.interval", "7s");
        values.put("probe.timeout", "2s");
        values.put("probe.indirect-checks", "5");
        values.put("probe.disable-stream-pings", "true");
        values.put("suspicion.multiplier", "9");
        values.put("suspicion.max-timeout-multiplier", "11");
        values.put("suspicion.awareness-max-multiplier", "12");
        values.put("flapping.failures", "38");
        values.put("flapping.half-life", "39s");
        values.put("flapping.fail-after", "40s");
        values.put("gossip.interval", "90ms");
        values.put("gossip.nodes", "13");
        values.put("gossip.to-the-dead-time", "14s");
        values.put("gossip.retransmit-multiplier", "15");
        values.put("state-sync.interval", "16s");
        values.put("protocol.delegate-min", "1");
        values.put("protocol.delegate-max", "3");
        values.put("protocol.delegate-version", "2");
        values.put("limits.handoff-queue-depth", "17");
        values.put("dead-node-reclaim-time", "18s");
        values.put("network.require-node-names", "true");
        values.put("gossip.queue-check-interval", "19s");
        values.put("limits.user-message-size", "20KB");
        values.put("limits.user-state-size", "21KB");
        values.put("limits.max-members", "33");
        values.put("limits.push-pull-nodes", "22");
        values.put("limits.decompressed-size", "23KB");
        values.put("limits.encrypted-frame-size", "24KB");
        values.put("limits.push-pulls-served", "25");
        values.put("network.label", "blue");
        values.put("network.skip-inbound-label-check", "true");
        values.put("network.accepted-labels", "green,red");
        values.put("network.accept-unlabelled", "true");
        values.put("encryption.keys", KEY_32 + "," + KEY_16);
        values.put("encryption.verify-incoming", "false");
        values.put("encryption.verify-outgoing", "false");
        values.put("encryption.max-message-age", "35s");
        values.put("network.allowed-networks", "10.0.0.0/8, fd00::/8");
        values.put("state-sync.reconnect-interval", "26s");
        values.put("state-sync.reconnect-timeout", "27s");
        values.put("join-retry.initial-delay", "28s");
        values.put("join-retry.max-delay", "29s");
        values.put("network.dns-config-path", "/etc/other.conf");
        values.put("messaging.enabled", "false");
        values.put("messaging.queue-depth", "31");
        values.put("messaging.handler-queue-depth", "30");
        values.put("messaging.request-concurrency", "29");
        values.put("messaging.packet-rate", "32");
        values.put("messaging.direct-targets", "33");
        values.put("messaging.stream-concurrency", "34");
        values.put("messaging.store-size", "35KB");
        values.put("messaging.store-age", "36s");
        values.put("messaging.hold-back", "37s");
        values.put("messaging.max-origins", "38");
        values.put("messaging.topics-without-history", "ticks,prices");
        values.put("probe.disable-stream-pings-for", "x,y");

        MemberlistConfig config = PropertiesConfigMapper.builder(bind(values)).build();

        MemberlistConfig expected = MemberlistConfig.lan()
                .nodeName("a")
                .network(n -> n.bindAddress("127.0.0.1")
                        .bindPort(1234)
                        .advertiseAddress("10.0.0.1")
                        .advertiseInterface("eth1")
                        .advertiseNetwork(Cidr.parse("10.0.0.0/16"))
                        .advertisePort(4321))
                .protocol(p -> p.version(5))
                .limits(l -> l.joinConcurrency(3))
                .meta(new byte[] {'g', 'r', (byte) 0xc3, (byte) 0xbc, 'n'})
                .network(n -> n.tcpTimeout(Duration.ofSeconds(3)).udpBufferSize(2048))
                .compression(c -> c.enabled(false).algorithm(CompressionAlgorithm.SNAPPY))
                .probe(p -> p.interval(Duration.ofSeconds(7))
                        .timeout(Duration.ofSeconds(2))
                        .indirectChecks(5)
                        .disableStreamPings(true))
                .suspicion(s -> s.multiplier(9).maxTimeoutMultiplier(11).awarenessMaxMultiplier(12))
                .flapping(f -> f.failures(38).halfLife(Duration.ofSeconds(39)).failAfter(Duration.ofSeconds(40)))
                .gossip(g -> g.interval(Duration.ofMillis(90))
                        .nodes(13)
                        .toTheDeadTime(Duration.ofSeconds(14))
                        .retransmitMultiplier(15))
                .stateSync(s -> s.interval(Duration.ofSeconds(16)))
                .protocol(p -> p.delegateMin(1).delegateMax(3).delegateVersion(2))
                .limits(l -> l.handoffQueueDepth(17))
                .deadNodeReclaimTime(Duration.ofSeconds(18))
                .network(n -> n.requireNodeNames(true))
                .gossip(g -> g.queueCheckInterval(Duration.ofSeconds(19)))
                .limits(l -> l.userMessageSize(20 * 1024)
                        .userStateSize(21 * 1024)
                        .maxMembers(33)
                        .pushPullNodes(22)
                        .decompressedSize(23 * 1024)
                        .encryptedFrameSize(24 * 1024)
                        .pushPullsServed(25))
                .network(n -> n.label("blue")
                        .skipInboundLabelCheck(true)
                        .acceptedLabels(List.of("green", "red"))
                        .acceptUnlabelled(true))
                .encryption(e -> e.keyring(Keyring.of(new byte[32], new byte[16]))
                        .verifyIncoming(false)
                        .verifyOutgoing(false)
                        .maxMessageAge(Duration.ofSeconds(35)))
                .network(n -> n.allowedNetworks(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"))))
                .stateSync(s -> s.reconnectInterval(Duration.ofSeconds(26)).reconnectTimeout(Duration.ofSeconds(27)))
                .joinRetry(j -> j.initialDelay(Duration.ofSeconds(28)).maxDelay(Duration.ofSeconds(29)))
                .network(n -> n.dnsConfigPath("/etc/other.conf"))
                .build();
        assertThat(config)
                .usingRecursiveComparison()
                .ignoringFields("probe.disableStreamPingsFor")
                .withEqualsForType((counted, other) -> counted.sum() == other.sum(), LongAdder.class)
                .isEqualTo(expected);
        assertThat(PropertiesConfigMapper.messaging(bind(values)))
                .isEqualTo(MessagingConfig.builder()
                        .queueDepth(31)
                        .handlerQueueDepth(30)
                        .requestConcurrency(29)
                        .packetRate(32)
                        .directTargets(33)
                        .streamConcurrency(34)
                        .storeSize(35 * 1024)
                        .storeAge(Duration.ofSeconds(36))
                        .holdBack(Duration.ofSeconds(37))
                        .maxOrigins(38)
                        .topicsWithoutHistory(Set.of("ticks", "prices"))
                        .build());
        assertThat(config.probe().disableStreamPingsFor()).accepts("x", "y").rejects("z");
        Map<String, Object> presets = settings("", MemberlistConfig.lan().build());
        List<String> notSet = settings("", config).entrySet().stream()
                .filter(it -> Objects.equals(it.getValue(), presets.get(it.getKey())))
                .map(it -> it.getKey())
                .toList();
        assertThat(notSet)
                .as("settings without a property: only those that beans provide, and how settings are called")
                .allMatch(path -> path.startsWith("delegates.")
                        || path.equals("extensions")
                        || path.equals("callbackExecutor")
                        || path.equals("transportFactory")
                        || path.equals("settingNames"));
    }

    @Test
    void carriesTagsInTheMetadata() {
        MemberlistConfig config = PropertiesConfigMapper.builder(bind(Map.of("tags.role", "web", "tags.dc", "eu")))
                .build();

        assertThat(MemberTags.decode(config.meta())).isEqualTo(Map.of("role", "web", "dc", "eu"));
    }

    @Test
    void allowsEveryNetworkOnlyWhereNoneIsGiven() {
        assertThat(PropertiesConfigMapper.builder(bind(Map.of()))
                        .build()
                        .network()
                        .allowedNetworks())
                .isNull();
        assertThat(PropertiesConfigMapper.builder(bind(Map.of("network.allowed-networks", "")))
                        .build()
                        .network()
                        .allowedNetworks())
                .isEmpty();
    }

    @Test
    void showsNoKeys() {
        MemberlistProperties properties = bind(Map.of("encryption.keys", KEY_32 + "," + KEY_16));

        assertThat(properties.toString())
                .contains("2 keys")
                .doesNotContain(KEY_32)
                .doesNotContain(KEY_16);
    }

    @Test
    void bindsSeedsAsAList() {
        assertThat(bind(Map.of("join", "10.0.0.1, b/10.0.0.2:9000")).join())
                .containsExactly("10.0.0.1", "b/10.0.0.2:9000");
        assertThat(bind(Map.of("join", "")).join()).isEmpty();
    }

    @Test
    void refusesASizeThatNoArrayHas() {
        MemberlistProperties properties = bind(Map.of("limits.user-message-size", "3GB"));

        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> PropertiesConfigMapper.builder(properties))
                .withMessageContaining("memberlist.limits.user-message-size");
    }

    @Test
    void refusesAnUnknownProfile() {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> bind(Map.of("profile", "moon")))
                .withMessageContaining("memberlist.profile");
    }

    /** {@return every setting in the group, by its path} */
    static Map<String, Object> settings(String path, Record group) {
        Map<String, Object> found = new TreeMap<>();
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            try {
                String name = path + component.getName();
                Object value = component.getAccessor().invoke(group);
                if (value instanceof Record inner) {
                    found.putAll(settings(name + ".", inner));
                } else {
                    found.put(name, value);
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return found;
    }

    static MemberlistProperties bind(Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((key, value) -> prefixed.put("memberlist." + key, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("memberlist", MemberlistProperties.class);
    }
}
