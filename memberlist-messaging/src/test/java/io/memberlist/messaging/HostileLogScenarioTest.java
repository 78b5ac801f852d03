package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What others write, and how often, in the log of a member. */
class HostileLogScenarioTest {
    private static final String FORGED = "\n2026-01-01 INFO admin logged in";
    private static final byte USER = 8;

    private final VirtualCluster cluster = new VirtualCluster(13, RecordingSubscriber::messaging);
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Level level = logger.getLevel();
    private Memberlist member;
    private @Nullable Memberlist stranger;

    @BeforeEach
    void aMember() {
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        member = cluster.start("member");
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setLevel(level);
    }

    @Test
    void failuresOfHandlersThatQuoteNamesForgeNoLineAndCostFewLines() {
        ClusterMessaging.of(member).subscribe("t", message -> {
            throw new IllegalStateException("unknown sender " + message.origin() + message.headers());
        });
        ClusterMessaging.of(member)
                .respond(
                        "t",
                        request -> CompletableFuture.failedFuture(
                                new IllegalStateException("unknown sender " + request.origin())));
        ClusterMessaging.of(member).respond("refused", request -> {
            throw new MessagingException("unknown sender " + request.origin());
        });
        for (int i = 1; i <= 500; i++) {
            inject(EnvelopeFormat.BROADCAST, "t", i);
            inject(EnvelopeFormat.DIRECT, "t", i);
            inject(EnvelopeFormat.REQUEST, "t", 1000 + i);
            inject(EnvelopeFormat.REQUEST, "refused", 2000 + i);
        }

        List<String> written = appender.list.stream()
                .filter(event -> event.getFormattedMessage().contains("topic"))
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .toList();
        assertThat(written).isNotEmpty().hasSizeLessThan(6);
        assertThat(written).noneMatch(text -> text.contains(FORGED));
        assertThat(String.join("", written)).contains("unknown sender").hasSizeLessThan(20_000);
    }

    @Test
    void errorsThatQuoteTheOtherMemberStayInOneLine() {
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(member)));
        ClusterMessaging.of(other)
                .respond("t", request -> CompletableFuture.failedFuture(new IllegalStateException("because" + FORGED)));
        CompletableFuture<?> failed = ClusterMessaging.of(member)
                .request(member.member("other").orElseThrow(), "t", bytes("?"), Duration.ofSeconds(1));
        cluster.run(Duration.ofSeconds(2));

        assertThat(failed).isCompletedExceptionally();
        assertThat(failed.handle((answer, failure) -> failure.getMessage()).join())
                .startsWith("other: because\\u000a")
                .doesNotContain("\n");
    }

    private void stream(byte[] message) {
        if (stranger == null) {
            stranger = cluster.start("stranger", config -> config.extensions(List.of()));
        }
        cluster.await(stranger.sendReliable(member.localMember(), message));
    }

    private void inject(int kind, String topic, long number) {
        byte[] message = EnvelopeFormat.message(
                kind, new Origin("x" + FORGED, 1), 1_767_225_600_000L, topic, Map.of("k" + FORGED, "v"), bytes("?"));
        EnvelopeFormat.numbered(message, 0, number, kind == EnvelopeFormat.BROADCAST ? number : 1000);
        if (kind == EnvelopeFormat.REQUEST) {
            stream(message);
            return;
        }
        cluster.network()
                .deliver(
                        new InetSocketAddress("10.9.9.9", 7946),
                        member.localMember().address(),
                        ByteBuffer.allocate(1 + message.length)
                                .put(USER)
                                .put(message)
                                .array());
        cluster.run(Duration.ofMillis(4));
    }
}
