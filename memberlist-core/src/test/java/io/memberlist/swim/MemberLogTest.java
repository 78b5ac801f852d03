package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
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
    void theFirstIsLoggedAsLoudlyAsTheGoLibraryDoes() {
        log.dropped(DropReason.MALFORMED, "a packet was dropped", "from 10.0.0.1");
        log.dropped(DropReason.CHECKSUM, "a packet was dropped", "from 10.0.0.1");
        log.dropped(DropReason.NAME_CONFLICT, "Conflicting address", "m");
        log.dropped(DropReason.WRONG_NODE, "Got ping for unexpected node", "m");
        log.dropped(DropReason.DECRYPT, "Decrypt packet failed", "no key");
        log.dropped(DropReason.LABEL, "discarding packet", "label");
        log.dropped(DropReason.TOO_MANY_PUSH_PULLS, "Too many pending push/pull requests", 128);

        assertThat(logged()).startsWith("self: a packet was dropped: from 10.0.0.1");
        assertThat(appender.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(
                        Level.ERROR, Level.WARN, Level.ERROR, Level.WARN, Level.ERROR, Level.ERROR, Level.ERROR);
    }

    @Test
    void aStormIsCountedAndLoggedOnceInTenSeconds() {
        for (int i = 0; i < 1_000; i++) {
            log.dropped(DropReason.MALFORMED, "a packet was dropped", i);
        }
        assertThat(logged()).hasSize(1);

        time.run(Duration.ofSeconds(10).minusNanos(1));
        log.dropped(DropReason.MALFORMED, "a packet was dropped", "still quiet");
        assertThat(logged()).hasSize(1);

        time.run(Duration.ofNanos(1));
        log.dropped(DropReason.MALFORMED, "a packet was dropped", "x");
        assertThat(logged())
                .hasSize(2)
                .element(1)
                .isEqualTo("self: a packet was dropped: x (1000 more like it since the last warning)");
        assertThat(counters.dropped(DropReason.MALFORMED)).isEqualTo(1_002);
    }

    @Test
    void whatWasKeptBackIsToldOnce() {
        log.dropped(DropReason.LABEL, "label", 1);
        log.dropped(DropReason.LABEL, "label", 2);
        time.run(Duration.ofSeconds(10));
        log.dropped(DropReason.LABEL, "label", 3);
        time.run(Duration.ofSeconds(10));
        log.dropped(DropReason.LABEL, "label", 4);

        assertThat(logged())
                .containsExactly(
                        "self: label: 1", "self: label: 3 (1 more like it since the last warning)", "self: label: 4");
    }

    @Test
    void eachReasonIsQuietForItself() {
        log.dropped(DropReason.LABEL, "label", 1);
        log.dropped(DropReason.CHECKSUM, "checksum", 1);

        assertThat(logged()).containsExactly("self: label: 1", "self: checksum: 1");
        assertThat(counters.drops()).containsOnlyKeys("label", "checksum").containsValues(1L);
    }

    private List<String> logged() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
