package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MemberLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final VirtualTime time = new VirtualTime();
    private final Counters counters = new Counters();
    private final MemberLog log = new MemberLog(new VirtualEventLoop(time, 1), counters, "self");

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    @Test
    void levelsSayWhatIsNeeded() {
        log.log(LogEvent.NAME_CONFLICT, "m", "10.0.0.1:7946", "10.0.0.2:7946", "ALIVE");
        log.logSelf(LogEvent.STATE_TOO_LARGE, 20, 10);
        log.log(LogEvent.SUSPECTED, "m");

        assertThat(logged())
                .containsExactly(
                        "self: Conflicting address for m. Mine: 10.0.0.1:7946 Theirs: 10.0.0.2:7946 Old state: ALIVE",
                        "self: the local state is 20 bytes long; the limit is 10: exchanging without it",
                        "self: Suspect m has failed, no acks received");
        assertThat(appender.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.ERROR, Level.INFO);
    }

    @Test
    void packetsAndStreamsOfOneAddressAreNotMixed() throws Exception {
        InetSocketAddress from = new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 40001);
        for (int i = 0; i < 5; i++) {
            log.dropped(DropReason.DECRYPT, LogEvent.PACKET_DECRYPT, from, "no key");
            log.dropped(DropReason.DECRYPT, LogEvent.STREAM_REFUSED, from, "no key");
            log.dropped(DropReason.DECRYPT, LogEvent.STREAM_REFUSED, from, "no key");
        }
        time.run(Duration.ofSeconds(10));
        log.dropped(DropReason.DECRYPT, LogEvent.PACKET_DECRYPT, from, "no key");
        log.dropped(DropReason.DECRYPT, LogEvent.STREAM_REFUSED, from, "no key");

        assertThat(logged())
                .containsExactly(
                        "self: Decrypt packet failed from=10.0.0.9:40001: no key",
                        "self: failed to receive from=10.0.0.9:40001: no key",
                        "self: Decrypt packet failed from=10.0.0.9:40001: no key (4 more like it in the last 10 s)",
                        "self: failed to receive from=10.0.0.9:40001: no key (9 more like it in the last 10 s)");
        assertThat(counters.dropped(DropReason.DECRYPT)).isEqualTo(17);
    }

    @Test
    void aMemberThatShutsDownSaysNoMoreAndStillCounts() {
        log.silence();
        log.droppedSelf(DropReason.QUEUE_FULL, LogEvent.USER_MESSAGES_BEHIND, 1);
        log.extension("kind", "what", "detail");

        assertThat(logged()).isEmpty();
        assertThat(counters.drops()).containsOnlyKeys("queue_full");
    }

    private List<String> logged() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
