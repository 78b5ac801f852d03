package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class KeyUseTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final VirtualTime time = new VirtualTime();
    private final MemberLog log = new MemberLog(new VirtualEventLoop(time, 1), new Counters(), "self");
    private final Keyring keyring = Keyring.of(key(1));
    private final KeyUse use = new KeyUse(keyring, () -> 3, log, 30);

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        return key;
    }

    private void encrypt(int messages) {
        for (int i = 0; i < messages; i++) {
            keyring.encrypted();
        }
        check();
    }

    private void check() {
        time.run(Duration.ofMinutes(1));
        use.check();
    }

    private List<String> warnings() {
        return appender.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aKeyThatAllMembersTogetherUsedTooOftenIsWarnedOfOnce() {
        encrypt(9);
        assertThat(warnings()).isEmpty();

        encrypt(1);
        encrypt(1000);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(Keyring.fingerprint(key(1)), "10 messages", "3 members", "rotate");
    }

    @Test
    void theNextKeyHasItsOwnCount() {
        encrypt(10);
        keyring.add(key(2));
        keyring.use(key(2));
        encrypt(9);
        assertThat(warnings()).hasSize(1);

        encrypt(1);
        assertThat(warnings()).hasSize(2).last().asString().contains(Keyring.fingerprint(key(2)));
    }

    @Test
    void keysThatNobodyRemovesAreWarnedOf() {
        for (int number = 2; number <= 4; number++) {
            keyring.add(key(number));
        }
        check();
        assertThat(warnings()).isEmpty();

        keyring.add(key(5));
        check();
        check();
        assertThat(warnings()).singleElement().asString().contains("5 keys");

        keyring.remove(key(5));
        check();
        keyring.add(key(6));
        check();
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void whatAMemberEncryptsIsCounted() {
        VirtualCluster cluster = new VirtualCluster(16);
        Memberlist one = cluster.start("one", config -> config.encryption(encryption -> encryption.secretKey(key(1))));
        Memberlist other =
                cluster.start("other", config -> config.encryption(encryption -> encryption.secretKey(key(1))));
        Memberlist plain = cluster.start("plain");
        cluster.await(other.join(VirtualCluster.addressOf(one)));
        cluster.run(Duration.ofMinutes(1));

        assertThat(one.installedKeys()).isEqualTo(1);
        assertThat(one.encryptedMessages())
                .isGreaterThan(50)
                .isGreaterThanOrEqualTo(one.statistics().packetsSent());
        assertThat(plain.installedKeys()).isZero();
        assertThat(plain.encryptedMessages()).isZero();
    }
}
