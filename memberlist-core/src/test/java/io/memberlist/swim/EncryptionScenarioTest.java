package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import io.memberlist.member.Member;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters with encryption or a label, which change while they run. */
class EncryptionScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(11);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static byte[] key(int size, int fill) {
        byte[] key = new byte[size];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static void assertNobodySuspected(List<Memberlist> all) {
        assertThat(all).allSatisfy(member -> {
            assertThat(member.statistics().suspectMessages()).isZero();
            assertThat(member.statistics().drops()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({"16, 2, ''", "24, 2, ''", "32, 2, ''", "32, 1, ''", "0, 2, blah", "16, 5, blah", "32, 1, blah"})
    void membersOfOneKeyAndLabelLiveTogether(int keySize, int protocol, String label) {
        List<byte[]> received = new ArrayList<>();
        UnaryOperator<MemberlistConfigBuilder> configure = config -> {
            config.protocol(p -> p.version(protocol))
                    .network(n -> n.label(label))
                    .delegates(d -> d.message(received::add));
            return keySize == 0 ? config : config.encryption(e -> e.secretKey(key(keySize, 7)));
        };
        List<Memberlist> all = cluster.startJoined(4, configure);
        Member to = all.get(0).member("node-1").orElseThrow();
        cluster.await(all.get(0).sendBestEffort(to, new byte[] {1}));
        cluster.await(all.get(0).sendReliable(to, new byte[] {2}));
        cluster.run(Duration.ofMinutes(2));

        assertThat(received).extracting(message -> message[0]).containsExactlyInAnyOrder((byte) 1, (byte) 2);
        assertThat(allSee(all, 4)).isTrue();
        assertNobodySuspected(all);
    }

    @ParameterizedTest
    @CsvSource({"'', blah", "blah, ''", "blah, not-blah"})
    void membersOfAnotherLabelAreShutOut(String mine, String theirs) {
        Memberlist a = cluster.start("a", config -> config.network(n -> n.label(mine)));
        Memberlist b = cluster.start("b", config -> config.network(n -> n.label(theirs)));

        assertThatThrownBy(() -> cluster.await(b.join(addressOf(a)))).cause().isInstanceOf(JoinException.class);
        b.sendBestEffort(a.localMember().address(), new byte[] {1});
        cluster.run(Duration.ofSeconds(5));
        assertThat(a.statistics().drops()).containsKey("label");
        assertThat(a.numMembers()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"7, 8", "0, 8", "7, 0"})
    void membersOfAnotherKeyAreShutOut(int mine, int theirs) {
        Memberlist a =
                cluster.start("a", config -> mine == 0 ? config : config.encryption(e -> e.secretKey(key(16, mine))));
        Memberlist b = cluster.start(
                "b", config -> theirs == 0 ? config : config.encryption(e -> e.secretKey(key(16, theirs))));

        assertThatThrownBy(() -> cluster.await(b.join(addressOf(a)))).cause().isInstanceOf(JoinException.class);
        assertThat(a.numMembers()).isEqualTo(1);
        assertThat(a.statistics().drops()).isNotEmpty();
    }

    @Test
    void aRunningClusterIsMovedFromPlainToEncryptedWithoutLosingAMember() {
        Keyring keyring = Keyring.of(key(32, 3));
        List<UnaryOperator<MemberlistConfigBuilder>> steps = List.of(
                config -> config,
                config -> config.encryption(
                        e -> e.keyring(keyring).verifyIncoming(false).verifyOutgoing(false)),
                config -> config.encryption(e -> e.keyring(keyring).verifyIncoming(false)),
                config -> config.encryption(e -> e.keyring(keyring)));
        List<Memberlist> all = new ArrayList<>(cluster.startJoined(3, steps.get(0)));

        for (UnaryOperator<MemberlistConfigBuilder> step : steps.subList(1, steps.size())) {
            for (int i = 0; i < all.size(); i++) {
                all.set(i, restarted(all, i, step));
                cluster.runUntil("everybody sees everybody", () -> allSee(all, 3));
            }
        }

        cluster.run(Duration.ofMinutes(2));
        assertThat(allSee(all, 3)).isTrue();
        assertThat(all).allSatisfy(member -> {
            assertThat(member.config().encryption().verifyIncoming()).isTrue();
            assertThat(member.statistics().suspectMessages()).isZero();
        });
    }

    /** Leaves, stops, and starts the same member again at the same address with other settings. */
    private Memberlist restarted(List<Memberlist> all, int i, UnaryOperator<MemberlistConfigBuilder> step) {
        Memberlist old = all.get(i);
        String host = old.localMember().address().getAddress().getHostAddress();
        cluster.await(old.leave(Duration.ofSeconds(5)));
        cluster.await(old.shutdown());
        Memberlist fresh = cluster.start("node-" + i, config -> step.apply(config.network(n -> n.bindAddress(host))));
        cluster.await(fresh.join(addressOf(all.get((i + 1) % all.size()))));
        return fresh;
    }

    @Test
    void keysAreRotatedWhileTheClusterRuns() {
        byte[] old = key(16, 1);
        byte[] next = key(32, 2);
        List<Memberlist> all = cluster.startJoined(4, config -> config.encryption(e -> e.keyring(Keyring.of(old))));
        for (Memberlist member : all) {
            keyring(member).add(next);
            cluster.run(Duration.ofSeconds(3));
        }
        for (Memberlist member : all) {
            keyring(member).use(next);
            cluster.run(Duration.ofSeconds(3));
        }
        for (Memberlist member : all) {
            keyring(member).remove(old);
            cluster.run(Duration.ofSeconds(3));
        }
        cluster.run(Duration.ofMinutes(1));

        assertThat(allSee(all, 4)).isTrue();
        assertNobodySuspected(all);
        Memberlist late = cluster.start("late", config -> config.encryption(e -> e.secretKey(old)));
        assertThatThrownBy(() -> cluster.await(late.join(addressOf(all.get(0)))))
                .cause()
                .isInstanceOf(JoinException.class);
    }

    private static Keyring keyring(Memberlist member) {
        return java.util.Objects.requireNonNull(member.config().encryption().keyring());
    }

    @Test
    void whatSomebodyRecordedIsRefusedWhenItIsOld() {
        List<byte[]> received = new ArrayList<>();
        List<Memberlist> all = cluster.startJoined(
                3,
                config -> config.delegates(d -> d.message(received::add))
                        .encryption(e -> e.secretKey(key(32, 7)).maxMessageAge(Duration.ofSeconds(30))));
        Memberlist victim = all.get(0);
        InetSocketAddress to = victim.localMember().address();
        List<byte[]> recorded = new ArrayList<>();
        cluster.network().faults(new LinkFaults() {
            @Override
            public List<Arrival> packet(InetSocketAddress from, InetSocketAddress receiver, byte[] packet) {
                recorded.add(packet);
                return LinkFaults.super.packet(from, receiver, packet);
            }
        });
        cluster.await(all.get(1).sendBestEffort(to, new byte[] {1}));
        cluster.run(Duration.ofSeconds(1));
        cluster.network().faults(LinkFaults.NONE);
        cluster.await(all.get(2).leave(Duration.ofSeconds(5)));
        cluster.run(Duration.ofSeconds(31));
        assertThat(recorded).hasSizeGreaterThan(5);

        recorded.forEach(packet -> cluster.network().deliver(new InetSocketAddress("10.9.9.9", 7946), to, packet));
        cluster.run(Duration.ofSeconds(5));

        assertThat(victim.statistics().drops()).containsEntry("too_old", (long) recorded.size());
        assertThat(received).hasSize(1);
        assertThat(victim.members()).hasSize(2);
        assertNobodySuspected(all.subList(1, 2));
    }
}
