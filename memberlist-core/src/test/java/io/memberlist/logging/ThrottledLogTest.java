package io.memberlist.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class ThrottledLogTest {
    private static final long SECOND = 1_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist.throttled");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private long now = 77 * SECOND;
    private final ThrottledLog log = new ThrottledLog(logger, () -> now, "self");

    @BeforeEach
    void listen() {
        appender.start();
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    @Test
    void aStormIsOneLineInTenSecondsAndTheNextOneCountsIt() {
        for (int i = 0; i < 1_000; i++) {
            log.log(Level.WARN, "a", "bad packet {}: {}", "a", i);
        }
        now += 10 * SECOND - 1;
        log.log(Level.WARN, "a", "bad packet {}: {}", "a", "still quiet");
        now += 1;
        log.log(Level.WARN, "a", "bad packet {}: {}", "a", "x");
        now += 25 * SECOND;
        log.log(Level.WARN, "a", "bad packet {}: {}", "a", "y");

        assertThat(logged())
                .containsExactly(
                        "self: bad packet a: 0",
                        "self: bad packet a: x (1000 more like it in the last 10 s)",
                        "self: bad packet a: y");
    }

    @Test
    void eachSubjectAndEachKindCountsForItself() {
        for (int i = 0; i < 3; i++) {
            log.log(Level.WARN, "a", "bad packet {}", "a");
            log.log(Level.ERROR, "a", "bad stream {}", "a");
            log.log(Level.WARN, "b", "bad packet {}", "b");
        }
        now += 12 * SECOND;
        log.log(Level.WARN, "b", "bad packet {}", "b");

        assertThat(logged())
                .containsExactly(
                        "self: bad packet a",
                        "self: bad stream a",
                        "self: bad packet b",
                        "self: bad packet b (2 more like it in the last 12 s)");
    }

    @Test
    void thePortOfAnAddressMakesNoOtherSubject() throws Exception {
        InetAddress address = InetAddress.getByName("10.0.0.1");
        log.log(Level.WARN, new InetSocketAddress(address, 1), "bad packet {}", 1);
        log.log(Level.WARN, new InetSocketAddress(address, 2), "bad packet {}", 2);
        log.log(Level.WARN, address, "bad packet {}", 3);

        assertThat(logged()).containsExactly("self: bad packet 1");
    }

    @Test
    void aTextIsNotTakenForAnAddressThatIsWrittenLikeIt() throws Exception {
        log.log(Level.WARN, InetAddress.getByName("10.0.0.1"), "bad {}", "address");
        log.log(Level.WARN, "10.0.0.1", "bad {}", "name");

        assertThat(logged()).containsExactly("self: bad address", "self: bad name");
    }

    @Test
    void subjectsBeyondTheBoundShareALineAndNothingIsLostFromTheCount() {
        for (int i = 0; i < 10_000; i++) {
            log.log(Level.WARN, "m" + i, "bad packet {}", "m" + i);
        }
        assertThat(logged()).hasSize(33).endsWith("self: bad packet m31", "self: bad packet m32");
        log.log(Level.WARN, "m0", "bad packet {}", "m0");

        now += 10 * SECOND;
        log.log(Level.WARN, "m32", "bad packet {}", "m32");
        // the subjects before made room; one line of m0 was left out, and counts with those of the others
        for (int i = 100; i < 132; i++) {
            log.log(Level.WARN, "m" + i, "bad packet {}", "m" + i);
        }

        assertThat(logged())
                .hasSize(33 + 33)
                .contains("self: bad packet m32")
                .endsWith("self: bad packet m131 (9968 more like it about others that had no line of their own)");
    }

    @Test
    void whatMayNotExistHasFewLinesAndTakesNoneFromWhatDoes() {
        for (int i = 0; i < 1000; i++) {
            log.logInvented(Level.WARN, "ghost" + i, "bad news of {}", "ghost" + i);
        }
        assertThat(logged()).hasSize(2).endsWith("self: bad news of ghost1");

        log.log(Level.WARN, "m", "bad news of {}", "m");
        now += 59 * SECOND;
        log.logInvented(Level.WARN, "ghost7", "bad news of {}", "ghost7");
        assertThat(logged()).hasSize(3).endsWith("self: bad news of m");

        now += SECOND;
        log.logInvented(Level.WARN, "ghost7", "bad news of {}", "ghost7");
        log.logInvented(Level.WARN, "m", "bad news of {}", "m");
        assertThat(logged())
                .hasSize(5)
                .endsWith(
                        "self: bad news of ghost7",
                        "self: bad news of m (999 more like it about others that had no line of their own)");
    }

    @Test
    void aStormThatGoesOnHasFewerAndFewerLinesUntilItIsOver() {
        for (int i = 0; i < 200; i++) {
            log.log(Level.WARN, "a", "bad packet {}", i);
            now += SECOND;
        }
        now += 60 * SECOND;
        log.log(Level.WARN, "a", "bad packet {}", "next");
        now += 60 * SECOND;
        log.log(Level.WARN, "a", "bad packet {}", "later");
        now += 10 * SECOND;
        log.log(Level.WARN, "a", "bad packet {}", "again");

        assertThat(logged())
                .containsExactly(
                        "self: bad packet 0",
                        "self: bad packet 10 (9 more like it in the last 10 s)",
                        "self: bad packet 30 (19 more like it in the last 20 s)",
                        "self: bad packet 70 (39 more like it in the last 40 s)",
                        "self: bad packet 130 (59 more like it in the last 60 s)",
                        "self: bad packet 190 (59 more like it in the last 60 s)",
                        "self: bad packet next (9 more like it in the last 70 s)",
                        "self: bad packet later",
                        "self: bad packet again");
    }

    @Test
    void whatOthersWroteStaysInItsLine() {
        log.log(Level.WARN, "x", "name {} of {} bytes", "x\nself: forged", 7);

        assertThat(logged()).containsExactly("self: name x\\u000aself: forged of 7 bytes");
    }

    @Test
    void aFailureBehindTheArgumentsKeepsItsStackTrace() {
        log.log(Level.WARN, "x", "{} failed", "x", new IllegalStateException("why"));

        assertThat(appender.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("self: x failed");
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("why");
        });
    }

    @Test
    void whatAFailureQuotesOfOthersStaysInItsLineAndIsBounded() {
        Throwable cause = new IllegalStateException("why\nself: forged " + "x".repeat(100_000));
        Throwable failure = new IllegalArgumentException("unknown name", cause);
        log.log(Level.WARN, "x", "{} failed", "x", failure);

        IThrowableProxy logged = appender.list.get(0).getThrowableProxy();
        assertThat(logged.getMessage()).isEqualTo("java.lang.IllegalArgumentException: unknown name");
        assertThat(logged.getStackTraceElementProxyArray()[0].getStackTraceElement())
                .isEqualTo(failure.getStackTrace()[0]);
        assertThat(logged.getCause().getMessage())
                .startsWith("java.lang.IllegalStateException: why\\u000aself: forged")
                .hasSizeLessThan(2100);
    }

    @Test
    void anEndlessStackTraceIsCut() {
        Throwable failure = new StackOverflowError();
        StackTraceElement[] frames = new StackTraceElement[1024];
        Arrays.fill(frames, new StackTraceElement("Parser", "next", "Parser.java", 7));
        failure.setStackTrace(frames);
        log.log(Level.WARN, "x", "{} failed", "x", failure);

        assertThat(appender.list.get(0).getThrowableProxy().getStackTraceElementProxyArray())
                .hasSize(128);
    }

    @Test
    void aLevelThatIsOffIsNotCounted() {
        log.log(Level.DEBUG, "a", "detail {}", 1);
        logger.setLevel(ch.qos.logback.classic.Level.DEBUG);
        log.log(Level.DEBUG, "a", "detail {}", 2);

        assertThat(logged()).containsExactly("self: detail 2");
    }

    private List<String> logged() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aFaultIsWhatItsCauseIsAndWhereThatWasThrown() {
        Object first = ThrottledLog.fault(new IllegalStateException("once"));
        Object elsewhere = ThrottledLog.fault(new IllegalStateException("once"));

        assertThat(ThrottledLog.fault(new RuntimeException(thrownByOneMethod())))
                .isEqualTo(ThrottledLog.fault(thrownByOneMethod()))
                .isNotEqualTo(first);
        assertThat(first).isNotEqualTo(elsewhere);
        Throwable circle = thrownByOneMethod();
        assertThat(ThrottledLog.fault(circle.initCause(new RuntimeException(circle))))
                .isNotNull();
    }

    private static Throwable thrownByOneMethod() {
        return new IllegalStateException();
    }
}
