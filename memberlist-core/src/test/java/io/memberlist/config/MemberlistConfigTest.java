package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
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
        "tcpTimeout, PT10S, PT30S, PT1S",
        "indirectChecks, 3, 3, 1",
        "retransmitMultiplier, 4, 4, 2",
        "suspicionMultiplier, 4, 6, 3",
        "suspicionMaxTimeoutMultiplier, 6, 6, 6",
        "pushPullInterval, PT30S, PT1M, PT15S",
        "probeTimeout, PT0.5S, PT3S, PT0.2S",
        "probeInterval, PT1S, PT5S, PT1S",
        "awarenessMaxMultiplier, 8, 8, 8",
        "gossipNodes, 3, 4, 3",
        "gossipInterval, PT0.2S, PT0.5S, PT0.1S",
        "gossipToTheDeadTime, PT30S, PT1M, PT15S",
        "compression, true, true, true",
        "udpBufferSize, 1400, 1400, 1400",
        "handoffQueueDepth, 1024, 1024, 1024",
        "bindAddress, 0.0.0.0, 0.0.0.0, 0.0.0.0",
        "bindPort, 7946, 7946, 7946",
        "protocolVersion, 2, 2, 2",
        "queueCheckInterval, PT30S, PT30S, PT30S",
        "deadNodeReclaimTime, PT0S, PT0S, PT0S",
        "disableStreamPings, false, false, false",
        "requireNodeNames, false, false, false",
        "maxUserStateSize, 20971520, 20971520, 20971520",
        "maxUserMessageSize, 20971520, 20971520, 20971520"
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
                integer("bindPort", 0, 65535, MemberlistConfigBuilder::bindPort),
                integer("advertisePort", 0, 65535, MemberlistConfigBuilder::advertisePort),
                integer("protocolVersion", 1, 5, MemberlistConfigBuilder::protocolVersion),
                integer("indirectChecks", 0, 255, MemberlistConfigBuilder::indirectChecks),
                integer("retransmitMultiplier", 1, 1000, MemberlistConfigBuilder::retransmitMultiplier),
                integer("suspicionMultiplier", 1, 1000, MemberlistConfigBuilder::suspicionMultiplier),
                integer(
                        "suspicionMaxTimeoutMultiplier",
                        1,
                        1000,
                        MemberlistConfigBuilder::suspicionMaxTimeoutMultiplier),
                integer("awarenessMaxMultiplier", 1, 1000, MemberlistConfigBuilder::awarenessMaxMultiplier),
                integer("gossipNodes", 0, 255, MemberlistConfigBuilder::gossipNodes),
                integer("udpBufferSize", 512, 65507, MemberlistConfigBuilder::udpBufferSize),
                integer("handoffQueueDepth", 1, 1 << 20, MemberlistConfigBuilder::handoffQueueDepth),
                integer(
                        "delegateProtocolMin",
                        0,
                        255,
                        (b, v) -> b.delegateProtocolMin(v)
                                .delegateProtocolMax(255)
                                .delegateProtocolVersion(255)),
                integer(
                        "delegateProtocolMax",
                        7,
                        255,
                        (b, v) ->
                                b.delegateProtocolMin(7).delegateProtocolMax(v).delegateProtocolVersion(7)),
                integer(
                        "delegateProtocolVersion",
                        3,
                        9,
                        (b, v) ->
                                b.delegateProtocolMin(3).delegateProtocolMax(9).delegateProtocolVersion(v)),
                integer("maxUserStateSize", 1, 1 << 30, MemberlistConfigBuilder::maxUserStateSize),
                integer("maxUserMessageSize", 1, 1 << 30, MemberlistConfigBuilder::maxUserMessageSize),
                integer("maxJoinConcurrency", 1, 1024, MemberlistConfigBuilder::maxJoinConcurrency));
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
                duration("tcpTimeout", false, MemberlistConfigBuilder::tcpTimeout),
                duration("pushPullInterval", true, MemberlistConfigBuilder::pushPullInterval),
                duration("probeInterval", false, (b, v) -> b.probeInterval(v).probeTimeout(Duration.ofNanos(1))),
                duration("probeTimeout", false, MemberlistConfigBuilder::probeTimeout),
                duration("gossipInterval", true, MemberlistConfigBuilder::gossipInterval),
                duration("gossipToTheDeadTime", true, MemberlistConfigBuilder::gossipToTheDeadTime),
                duration("deadNodeReclaimTime", true, MemberlistConfigBuilder::deadNodeReclaimTime),
                duration("queueCheckInterval", false, MemberlistConfigBuilder::queueCheckInterval));
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
        assertThat(MemberlistConfig.lan().probeTimeout(second).build().probeTimeout())
                .isEqualTo(second);
        assertRefused(
                MemberlistConfig.lan().probeTimeout(second.plusNanos(1)),
                "probeTimeout is PT1.000000001S, longer than probeInterval, which is PT1S: shorten the one or lengthen"
                        + " the other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void namesAndAddressesAreNotBlank(String blank) {
        assertRefused(MemberlistConfig.lan().nodeName(blank), "nodeName is blank: give it a value");
        assertRefused(MemberlistConfig.lan().bindAddress(blank), "bindAddress is blank: give it a value");
        assertRefused(MemberlistConfig.lan().advertiseAddress(blank), "advertiseAddress is blank: give it a value");
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
        MemberlistConfigBuilder builder = MemberlistConfig.lan().bindPort(1);
        MemberlistConfig first = builder.build();
        builder.bindPort(2);

        assertThat(first.bindPort()).isEqualTo(1);
        assertThat(builder.build().bindPort()).isEqualTo(2);
    }

    private static MemberlistConfig everythingChanged() {
        return new MemberlistConfig(
                "other",
                "127.0.0.1",
                1,
                "10.0.0.1",
                2,
                3,
                Duration.ofSeconds(4),
                5,
                6,
                7,
                8,
                Duration.ofSeconds(9),
                Duration.ofSeconds(11),
                Duration.ofSeconds(10),
                true,
                name -> true,
                12,
                Duration.ofSeconds(13),
                14,
                Duration.ofSeconds(15),
                false,
                1600,
                17,
                Keyring.of(new byte[16]),
                false,
                false,
                "label",
                true,
                List.of(Cidr.parse("10.0.0.0/8")),
                Duration.ofSeconds(18),
                true,
                Duration.ofSeconds(31),
                Duration.ofSeconds(32),
                Duration.ofSeconds(19),
                "/other/resolv.conf",
                20,
                22,
                21,
                new byte[] {23},
                24,
                25,
                27,
                28,
                29,
                30,
                26,
                false,
                33,
                34,
                35,
                36,
                37,
                Duration.ofSeconds(38),
                Duration.ofSeconds(39),
                40,
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
                },
                Runnable::run,
                config -> {
                    throw new UnsupportedOperationException();
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

    /** {@return every setting as text; objects without a text of their own by their identity} */
    private static Map<String, String> values(MemberlistConfig config) {
        Map<String, String> values = new TreeMap<>();
        for (RecordComponent component : MemberlistConfig.class.getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(config);
                values.put(
                        component.getName(),
                        value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return values;
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
