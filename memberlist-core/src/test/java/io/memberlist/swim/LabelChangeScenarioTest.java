package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.config.NetworkConfig;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberEvent;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The label of a cluster changes while it runs: its members are restarted one after the other. */
class LabelChangeScenarioTest {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final VirtualCluster cluster = new VirtualCluster(21);
    private final Map<String, Memberlist> members = new TreeMap<>();
    private final List<String> failed = new ArrayList<>();
    private boolean encrypted;

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    /** Starts a member at an address of its own, and lets it join any other. */
    private void start(String name, Consumer<NetworkConfig.Builder> labels) {
        Memberlist member = cluster.start(name, config -> configure(name, config, labels));
        if (!members.isEmpty()) {
            cluster.await(member.join(addressOf(members.values().iterator().next())));
        }
        members.put(name, member);
    }

    private MemberlistConfigBuilder configure(
            String name, MemberlistConfigBuilder config, Consumer<NetworkConfig.Builder> labels) {
        config.network(n -> {
                    n.bindAddress("10.1.0." + (name.charAt(0) - 'a' + 1));
                    labels.accept(n);
                })
                .delegates(d -> d.event(EventRecorder.into(failed, MemberEvent.Failed.class)));
        return encrypted ? config.encryption(e -> e.secretKey(new byte[32])) : config;
    }

    private void restart(String name, Consumer<NetworkConfig.Builder> labels) {
        Memberlist before = members.remove(name);
        cluster.await(before.leave(GRACE));
        cluster.await(before.shutdown());
        start(name, labels);
        cluster.run(Duration.ofSeconds(20));
        assertWhole();
    }

    private void restartAll(Consumer<NetworkConfig.Builder> labels) {
        List.copyOf(members.keySet()).forEach(name -> restart(name, labels));
        cluster.run(Duration.ofMinutes(2));
        assertWhole();
    }

    private void assertWhole() {
        assertThat(failed).isEmpty();
        assertThat(allSee(List.copyOf(members.values()), members.size())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false, '', orders", "true, '', orders", "false, old, new", "true, old, new", "true, orders, ''"})
    void threeRollingRestartsChangeTheLabelAndNobodyIsBelievedFailed(boolean encrypt, String from, String to) {
        encrypted = encrypt;
        for (String name : List.of("a", "b", "c", "d", "e")) {
            start(name, n -> n.label(from));
        }
        cluster.run(Duration.ofSeconds(10));

        restartAll(n -> accept(n.label(from), to));
        restartAll(n -> accept(n.label(to), from));
        restartAll(n -> n.label(to));

        members.values()
                .forEach(member -> assertThat(member.statistics().drops()).doesNotContainKeys("decrypt"));
        Memberlist last = members.get("e");
        assertThat(last.statistics().drops()).doesNotContainKeys("label");
    }

    /** Members that accept one label only are as those of the Go library, which cannot accept two. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void membersThatAcceptBothLabelsHoldThoseTogetherThatAcceptOne(boolean encrypt) {
        encrypted = encrypt;
        List<String> goLike = List.of("x", "y");
        for (String name : List.of("a", "b", "c", "x", "y")) {
            start(name, n -> {});
        }
        cluster.run(Duration.ofSeconds(10));

        List.of("a", "b", "c").forEach(name -> restart(name, n -> accept(n, "orders")));
        goLike.forEach(name -> restart(name, n -> n.label("orders")));
        cluster.run(Duration.ofMinutes(10));
        assertWhole();
        List.of("a", "b", "c").forEach(name -> restart(name, n -> n.label("orders")));
        cluster.run(Duration.ofMinutes(2));
        assertWhole();
    }

    @Test
    void whoAcceptsALabelSendsAndAnswersInIt() {
        start("a", n -> n.acceptedLabels(List.of("orders")));
        Memberlist labelled = cluster.start("z", config -> config.network(n -> n.label("orders")));
        Memberlist accepting = members.get("a");
        cluster.await(labelled.join(addressOf(accepting)));
        cluster.run(Duration.ofMinutes(5));

        assertThat(allSee(List.of(labelled, accepting), 2)).isTrue();
        assertThat(accepting.statistics().drops()).isEmpty();
        assertThat(accepting.statistics().suspectMessages()).isZero();
        // What the accepting member sent before it knew the label of the other one.
        assertThat(labelled.statistics().drops().getOrDefault("label", 0L)).isLessThan(10);
    }

    @Test
    void aThirdLabelIsStillShutOut() {
        start("a", n -> n.label("old").acceptedLabels(List.of("new")));
        Memberlist foreign = cluster.start("z", config -> config.network(n -> n.label("other")));
        Memberlist unlabelled = cluster.start("y");

        assertThatThrownBy(() -> cluster.await(foreign.join(addressOf(members.get("a")))));
        assertThatThrownBy(() -> cluster.await(unlabelled.join(addressOf(members.get("a")))));
        assertThat(members.get("a").statistics().drops()).containsKey("label");
        assertThat(members.get("a").numMembers()).isEqualTo(1);
    }

    @Test
    void labelsThatCannotBeAcceptedAreRefusedByName() {
        assertThatThrownBy(() -> cluster.start("a", config -> config.network(n -> n.acceptedLabels(List.of("")))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("network.acceptUnlabelled");
        List<String> tooLong = List.of("x".repeat(256));
        assertThatThrownBy(() -> cluster.start("a", config -> config.network(n -> n.acceptedLabels(tooLong))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("256");
    }

    private static void accept(NetworkConfig.Builder network, String label) {
        if (label.isEmpty()) {
            network.acceptUnlabelled(true);
        } else {
            network.acceptedLabels(List.of(label));
        }
    }
}
