package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.extension.Extension;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberlistConfigTest {
    @ParameterizedTest
    @CsvSource({
        "network.tcpTimeout, PT10S, PT30S, PT1S",
        "probe.indirectChecks, 3, 3, 1",
        "gossip.retransmitMultiplier, 4, 4, 2",
        "suspicion.multiplier, 4, 6, 3",
        "suspicion.maxTimeoutMultiplier, 6, 6, 6",
        "stateSync.interval, PT30S, PT1M, PT15S",
        "probe.timeout, PT0.5S, PT3S, PT0.2S",
        "probe.interval, PT1S, PT5S, PT1S",
        "suspicion.awarenessMaxMultiplier, 8, 8, 8",
        "gossip.nodes, 3, 4, 3",
        "gossip.interval, PT0.2S, PT0.5S, PT0.1S",
        "gossip.toTheDeadTime, PT30S, PT1M, PT15S",
        "compression.enabled, true, true, true",
        "compression.algorithm, LZW, LZW, LZW",
        "network.udpBufferSize, 1400, 1400, 1400",
        "limits.handoffQueueDepth, 1024, 1024, 1024",
        "network.bindAddress, 0.0.0.0, 0.0.0.0, 0.0.0.0",
        "network.bindPort, 7946, 7946, 7946",
        "protocol.version, 2, 2, 2",
        "gossip.queueCheckInterval, PT30S, PT30S, PT30S",
        "deadNodeReclaimTime, PT0S, PT0S, PT0S",
        "probe.disableStreamPings, false, false, false",
        "network.requireNodeNames, false, false, false",
        "limits.userStateSize, 20971520, 20971520, 20971520",
        "limits.userMessageSize, 20971520, 20971520, 20971520"
    })
    void presetsAreThoseOfTheGoLibrary(String setting, String lan, String wan, String local) {
        assertThat(values(MemberlistConfig.lan())).containsEntry(setting, lan);
        assertThat(values(MemberlistConfig.wan())).containsEntry(setting, wan);
        assertThat(values(MemberlistConfig.local())).containsEntry(setting, local);
    }

    @Test
    void theMachinesNameIsTheMembersNameWhereNoneIsGiven() {
        assertThat(MemberlistConfig.lan().build().nodeName()).isNotBlank();
    }

    static Stream<Arguments> integers() {
        return Stream.of(
                integer("network.bindPort", 0, 65535, (b, v) -> b.network(n -> n.bindPort(v))),
                integer("network.advertisePort", 0, 65535, (b, v) -> b.network(n -> n.advertisePort(v))),
                integer("protocol.version", 1, 5, (b, v) -> b.protocol(p -> p.version(v))),
                integer("probe.indirectChecks", 0, 255, (b, v) -> b.probe(p -> p.indirectChecks(v))),
                integer("gossip.retransmitMultiplier", 1, 1000, (b, v) -> b.gossip(g -> g.retransmitMultiplier(v))),
                integer("suspicion.multiplier", 1, 1000, (b, v) -> b.suspicion(s -> s.multiplier(v))),
                integer(
                        "suspicion.maxTimeoutMultiplier",
                        1,
                        1000,
                        (b, v) -> b.suspicion(s -> s.maxTimeoutMultiplier(v))),
                integer(
                        "suspicion.awarenessMaxMultiplier",
                        1,
                        1000,
                        (b, v) -> b.suspicion(s -> s.awarenessMaxMultiplier(v))),
                integer("gossip.nodes", 0, 255, (b, v) -> b.gossip(g -> g.nodes(v))),
                integer("network.udpBufferSize", 512, 65507, (b, v) -> b.network(n -> n.udpBufferSize(v))),
                integer("limits.handoffQueueDepth", 1, 1 << 20, (b, v) -> b.limits(l -> l.handoffQueueDepth(v))),
                integer(
                        "protocol.delegateMin",
                        0,
                        255,
                        (b, v) -> b.protocol(
                                p -> p.delegateMin(v).delegateMax(255).delegateVersion(255))),
                integer(
                        "protocol.delegateMax",
                        7,
                        255,
                        (b, v) ->
                                b.protocol(p -> p.delegateMin(7).delegateMax(v).delegateVersion(7))),
                integer(
                        "protocol.delegateVersion",
                        3,
                        9,
                        (b, v) ->
                                b.protocol(p -> p.delegateMin(3).delegateMax(9).delegateVersion(v))),
                integer("limits.userStateSize", 1, 1 << 30, (b, v) -> b.limits(l -> l.userStateSize(v))),
                integer("limits.userMessageSize", 1, 1 << 30, (b, v) -> b.limits(l -> l.userMessageSize(v))),
                integer("limits.joinConcurrency", 1, 1024, (b, v) -> b.limits(l -> l.joinConcurrency(v))));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void numbersHaveBounds(
            String setting,
            int min,
            int max,
            BiFunction<MemberlistConfigBuilder, Integer, MemberlistConfigBuilder> set) {
        for (int good : new int[] {min, max}) {
            assertThat(values(set.apply(MemberlistConfig.lan(), good))).containsEntry(setting, String.valueOf(good));
        }
        for (int bad : new int[] {min - 1, max + 1}) {
            assertRefused(
                    set.apply(MemberlistConfig.lan(), bad),
                    setting + " is " + bad + ": it must lie between " + min + " and " + max);
        }
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                duration("network.tcpTimeout", false, (b, v) -> b.network(n -> n.tcpTimeout(v))),
                duration("stateSync.interval", true, (b, v) -> b.stateSync(s -> s.interval(v))),
                duration(
                        "probe.interval",
                        false,
                        (b, v) -> b.probe(p -> p.interval(v).timeout(Duration.ofNanos(1)))),
                duration("probe.timeout", false, (b, v) -> b.probe(p -> p.timeout(v))),
                duration("gossip.interval", true, (b, v) -> b.gossip(g -> g.interval(v))),
                duration("gossip.toTheDeadTime", true, (b, v) -> b.gossip(g -> g.toTheDeadTime(v))),
                duration("deadNodeReclaimTime", true, MemberlistConfigBuilder::deadNodeReclaimTime),
                duration("gossip.queueCheckInterval", false, (b, v) -> b.gossip(g -> g.queueCheckInterval(v))));
    }

    @ParameterizedTest
    @MethodSource("durations")
    void timesAreNotNegativeAndSomeNotZero(
            String setting,
            boolean zeroIsFine,
            BiFunction<MemberlistConfigBuilder, Duration, MemberlistConfigBuilder> set) {
        String remedy = zeroIsFine ? "it must not be negative" : "it must be longer than zero";
        assertRefused(
                set.apply(MemberlistConfig.lan(), Duration.ofNanos(-1)), setting + " is PT-0.000000001S: " + remedy);
        if (zeroIsFine) {
            assertThat(values(set.apply(MemberlistConfig.lan(), Duration.ZERO))).containsEntry(setting, "PT0S");
        } else {
            assertRefused(set.apply(MemberlistConfig.lan(), Duration.ZERO), setting + " is PT0S: " + remedy);
        }
        assertThat(values(set.apply(MemberlistConfig.lan(), Duration.ofNanos(1))))
                .containsEntry(setting, "PT0.000000001S");
    }

    @Test
    void aPingMayNotTakeLongerThanTheProbe() {
        Duration second = Duration.ofSeconds(1);
        assertThat(MemberlistConfig.lan()
                        .probe(p -> p.timeout(second))
                        .build()
                        .probe()
                        .timeout())
                .isEqualTo(second);
        assertRefused(
                MemberlistConfig.lan().probe(p -> p.timeout(second.plusNanos(1))),
                "probe.timeout is PT1.000000001S, longer than probe.interval, which is PT1S: shorten the one or lengthen"
                        + " the other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void namesAndAddressesAreNotBlank(String blank) {
        assertRefused(MemberlistConfig.lan().nodeName(blank), "nodeName is blank: give it a value");
        assertRefused(
                MemberlistConfig.lan().network(n -> n.bindAddress(blank)),
                "network.bindAddress is blank: give it a value");
        assertRefused(
                MemberlistConfig.lan().network(n -> n.advertiseAddress(blank)),
                "network.advertiseAddress is blank: give it a value");
    }

    @Test
    void aNameFitsAPacket() {
        assertThat(MemberlistConfig.lan().nodeName("ü".repeat(128)).build().nodeName())
                .hasSize(128);
        assertRefused(
                MemberlistConfig.lan().nodeName("ü".repeat(128) + "x"),
                "nodeName is 257 bytes long; at most 256 fit beside the metadata in a packet: choose a shorter one");
    }

    @Test
    void metadataHasALimit() {
        assertThat(MemberlistConfig.lan().meta(new byte[512]).build().meta()).hasSize(512);
        assertRefused(
                MemberlistConfig.lan().meta(new byte[513]),
                "the metadata is 513 bytes long; the limit is 512 bytes: shorten it");
    }

    @Test
    void metadataIsCopied() {
        byte[] meta = {1, 2};
        MemberlistConfig config = MemberlistConfig.lan().meta(meta).build();
        meta[0] = 9;
        config.meta()[1] = 9;

        assertThat(config.meta()).containsExactly(1, 2);
    }

    @Test
    void aBuilderMadeOfAConfigurationHasAllOfIt() {
        MemberlistConfig changed = everythingChanged();

        assertThat(values(changed.toBuilder())).isEqualTo(values(changed));
        Map<String, String> defaults = values(MemberlistConfig.lan());
        values(changed)
                .forEach((setting, value) -> assertThat(value)
                        .as("%s is another than the default, or this test proves nothing", setting)
                        .isNotEqualTo(defaults.get(setting)));
    }

    @Test
    void aBuilderDoesNotChangeWhatItBuilt() {
        MemberlistConfigBuilder builder = MemberlistConfig.lan().network(n -> n.bindPort(1));
        MemberlistConfig first = builder.build();
        builder.network(n -> n.bindPort(2));

        assertThat(first.network().bindPort()).isEqualTo(1);
        assertThat(builder.build().network().bindPort()).isEqualTo(2);
    }

    private static MemberlistConfig everythingChanged() {
        return new MemberlistConfig(
                "other",
                new byte[] {23},
                Duration.ofSeconds(18),
                new NetworkConfig(
                        "127.0.0.1",
                        1,
                        "10.0.0.1",
                        "eth1",
                        Cidr.parse("10.0.0.0/16"),
                        2,
                        Duration.ofSeconds(4),
                        1600,
                        "label",
                        true,
                        List.of("accepted"),
                        true,
                        List.of(Cidr.parse("10.0.0.0/8")),
                        true,
                        "/other/resolv.conf"),
                new CompressionConfig(false, CompressionAlgorithm.SNAPPY),
                new ProtocolConfig(3, 20, 22, 21),
                new ProbeConfig(Duration.ofSeconds(11), Duration.ofSeconds(10), 5, true, name -> true),
                new SuspicionConfig(7, 8, 12),
                new FlappingConfig(34, Duration.ofSeconds(35), Duration.ofSeconds(36)),
                new GossipConfig(Duration.ofSeconds(13), 14, Duration.ofSeconds(15), 6, Duration.ofSeconds(19)),
                new StateSyncConfig(Duration.ofSeconds(9), Duration.ofSeconds(31), Duration.ofSeconds(32)),
                new JoinRetryConfig(Duration.ofSeconds(3), Duration.ofSeconds(33)),
                new EncryptionConfig(Keyring.of(new byte[16]), false, false, Duration.ofSeconds(20)),
                new LimitsConfig(25, 24, 33, 27, 30, 28, 29, 17, 26),
                List.of(extension()),
                everyDelegate(),
                Runnable::run,
                config -> {
                    throw new UnsupportedOperationException();
                },
                path -> "other." + path);
    }

    private static Extension extension() {
        return new Extension() {
            @Override
            public void start(ExtensionContext context) {}

            @Override
            public void stop() {}
        };
    }

    private static Delegates everyDelegate() {
        return new Delegates(
                new Delegate() {
                    @Override
                    public byte[] nodeMeta(int limit) {
                        return new byte[0];
                    }

                    @Override
                    public List<byte[]> broadcasts(int overhead, int limit) {
                        return List.of();
                    }

                    @Override
                    public void messageReceived(byte[] message) {}

                    @Override
                    public byte[] localState(boolean join) {
                        return new byte[0];
                    }

                    @Override
                    public void mergeRemoteState(byte[] state, boolean join) {}
                },
                event -> {},
                message -> {},
                new StateDelegate() {
                    @Override
                    public byte[] localState(boolean join) {
                        return new byte[0];
                    }

                    @Override
                    public void mergeRemoteState(byte[] state, boolean join) {}
                },
                (existing, other) -> {},
                members -> {},
                member -> {},
                new PingDelegate() {
                    @Override
                    public byte[] ackPayload() {
                        return new byte[0];
                    }

                    @Override
                    public void pingCompleted(Member member, Duration roundTripTime, byte[] payload) {}
                });
    }

    private static void assertRefused(MemberlistConfigBuilder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(MemberlistException.class)
                .hasMessage(message);
    }

    private static Map<String, String> values(MemberlistConfigBuilder builder) {
        return values(builder.build());
    }

    /** {@return every setting as text by its path; objects without a text of their own by their identity} */
    private static Map<String, String> values(MemberlistConfig config) {
        Map<String, String> values = new TreeMap<>();
        collect("", config, values);
        return values;
    }

    private static void collect(String path, Object group, Map<String, String> values) {
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            try {
                String name = path + component.getName();
                Object value = component.getAccessor().invoke(group);
                if (value instanceof Record inner) {
                    collect(name + ".", inner, values);
                } else {
                    values.put(
                            name,
                            value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value));
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Arguments integer(
            String setting,
            int min,
            int max,
            BiFunction<MemberlistConfigBuilder, Integer, MemberlistConfigBuilder> set) {
        return arguments(setting, min, max, set);
    }

    private static Arguments duration(
            String setting,
            boolean zeroIsFine,
            BiFunction<MemberlistConfigBuilder, Duration, MemberlistConfigBuilder> set) {
        return arguments(setting, zeroIsFine, set);
    }
}
