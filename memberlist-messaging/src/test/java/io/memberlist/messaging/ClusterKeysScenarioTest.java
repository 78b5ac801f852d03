package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.EncryptionConfig;
import io.memberlist.config.Keyring;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.keys.KeyReport;
import io.memberlist.messaging.keys.KeyStepRefusedException;
import io.memberlist.testing.VirtualCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Keys of a whole cluster change, in virtual time. */
class ClusterKeysScenarioTest {
    private static final byte[] OLD = "the old key 1234".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "the new key 5678".getBytes(StandardCharsets.US_ASCII);
    private static final String OLD_NAME = Keyring.fingerprint(OLD);
    private static final String NEW_NAME = Keyring.fingerprint(NEW);

    private final VirtualCluster cluster = new VirtualCluster(
            31, config -> RecordingSubscriber.messaging(config.encryption(e -> e.keyring(Keyring.of(OLD)))));
    private final List<ClusterKeys> keys = new ArrayList<>();

    private List<Memberlist> started(int count) {
        List<Memberlist> members = cluster.startJoined(count, config -> config);
        members.forEach(member -> keys.add(new ClusterKeys(member)));
        return members;
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void allMembersReplaceTheirKeyAndGoOn() {
        List<Memberlist> members = started(50);

        KeyReport report = cluster.await(keys.get(3).rotate(NEW));

        assertThat(report.complete()).isTrue();
        assertThat(report.keys())
                .hasSize(50)
                .allSatisfy((name, all) -> assertThat(all).containsExactly(NEW_NAME));
        Memberlist late = cluster.start("late", config -> config.encryption(e -> e.keyring(Keyring.of(NEW))));
        cluster.await(late.join(VirtualCluster.addressOf(members.get(0))));
        assertThat(late.numMembers()).isEqualTo(51);
    }

    @Test
    void eachStepWaitsForTheOneBefore() {
        List<Memberlist> members = started(3);
        cluster.await(keys.get(0).install(NEW));
        keyring(members.get(1)).remove(NEW);

        assertThatThrownBy(() -> cluster.await(keys.get(0).use(NEW_NAME, false)))
                .cause()
                .isInstanceOf(KeyStepRefusedException.class)
                .hasMessageContaining("node-1")
                .hasMessageContaining("install it there first");
        assertThat(members).allSatisfy(member -> assertThat(primary(member)).isEqualTo(OLD_NAME));

        cluster.await(keys.get(0).install(NEW));
        assertThat(cluster.await(keys.get(2).use(NEW_NAME, false)).complete()).isTrue();
        keyring(members.get(1)).use(OLD);

        assertThatThrownBy(() -> cluster.await(keys.get(0).remove(OLD_NAME, false)))
                .cause()
                .isInstanceOf(KeyStepRefusedException.class)
                .hasMessageContaining("node-1");
        cluster.await(keys.get(0).use(NEW_NAME, false));
        assertThat(cluster.await(keys.get(0).remove(OLD_NAME, false)).keys())
                .allSatisfy((name, all) -> assertThat(all).containsExactly(NEW_NAME));
    }

    @Test
    void whoDoesNotAnswerIsNamedAndTheRotationIsTakenUpAgain() {
        List<Memberlist> members = started(4);
        cluster.isolate(members.get(2));
        CompletableFuture<KeyReport> rotation = keys.get(0).rotate(NEW);

        assertThatThrownBy(() -> cluster.await(rotation)).cause().hasMessageContaining("node-2 (");
        assertThat(primary(members.get(0))).isEqualTo(OLD_NAME);

        cluster.network().heal();
        cluster.runUntil("all are there again", () -> VirtualCluster.allSee(members, 4));
        assertThat(cluster.await(keys.get(1).rotate(NEW)).complete()).isTrue();
        assertThat(members)
                .allSatisfy(member -> assertThat(keyring(member).fingerprints()).containsExactly(NEW_NAME));
    }

    @Test
    void aStepIsForcedPastMembersThatCannotAnswer() {
        List<Memberlist> members = started(2);
        // such as a member on the Go library, for which no ClusterKeys answers
        Memberlist silent = cluster.start("silent");
        cluster.await(silent.join(VirtualCluster.addressOf(members.get(0))));
        KeyReport installed = cluster.await(keys.get(0).install(NEW));
        assertThat(installed.missing()).containsOnlyKeys("silent");
        keyring(silent).add(NEW);

        assertThatThrownBy(() -> cluster.await(keys.get(0).use(NEW_NAME, false)))
                .cause()
                .hasMessageContaining("silent");
        KeyReport used = cluster.await(keys.get(0).use(NEW_NAME, true));

        assertThat(used.missing()).containsOnlyKeys("silent");
        assertThat(primary(members.get(1))).isEqualTo(NEW_NAME);
        cluster.run(Duration.ofMinutes(1));
        assertThat(VirtualCluster.allSee(List.of(members.get(0), members.get(1), silent), 3))
                .isTrue();
    }

    @Test
    void refusesMembersWhoseKeysCouldBeReadOrSetByAnybody() {
        List<Consumer<EncryptionConfig.Builder>> unsafe =
                List.of(e -> e.keyring(null), e -> e.verifyOutgoing(false), e -> e.verifyIncoming(false));
        for (Consumer<EncryptionConfig.Builder> encryption : unsafe) {
            Memberlist member = cluster.start("m", config -> config.encryption(encryption));
            assertThat(ClusterKeys.possibleWith(member.config())).isFalse();
            assertThatThrownBy(() -> new ClusterKeys(member))
                    .isInstanceOf(MemberlistException.class)
                    .hasMessageContaining("plaintext");
        }
    }

    @Test
    void nobodyIsShownAKey() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level level = root.getLevel();
        root.addAppender(lines);
        root.setLevel(Level.DEBUG);
        try {
            started(2);
            KeyReport report = cluster.await(keys.get(0).rotate(NEW));
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(it -> it.contains(NEW_NAME));
            assertThat(report.toString() + lines.list)
                    .doesNotContain(Base64.getEncoder().encodeToString(NEW))
                    .doesNotContain(new String(NEW, StandardCharsets.US_ASCII));
        } finally {
            root.detachAppender(lines);
            root.setLevel(level);
        }
    }

    @Test
    void whatIsNoRequestChangesNothing() {
        List<Memberlist> members = started(2);
        for (String request :
                List.of("", "install", "install !", "use ffffffff", "use", "erase " + OLD_NAME, "x".repeat(1000))) {
            assertThatThrownBy(() -> cluster.await(ClusterMessaging.of(members.get(0))
                            .request(
                                    members.get(0).member("node-1").orElseThrow(),
                                    "memberlist.keys",
                                    request.getBytes(StandardCharsets.US_ASCII),
                                    Duration.ofSeconds(1))))
                    .as(request)
                    .isInstanceOf(CompletionException.class);
        }
        assertThat(keyring(members.get(1)).fingerprints()).containsExactly(OLD_NAME);
    }

    private static Keyring keyring(Memberlist member) {
        return Objects.requireNonNull(member.config().encryption().keyring());
    }

    private static String primary(Memberlist member) {
        return keyring(member).fingerprints().get(0);
    }
}
