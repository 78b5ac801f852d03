package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Cluster messages belong to one member at a time, and outlive it. */
class AttachmentTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster(1);
    private final ClusterMessaging messaging = ClusterMessaging.create();

    @Test
    void aSecondMemberDoesNotStart() {
        Memberlist first = start("first");

        assertThatThrownBy(() -> start("second"))
                .hasMessageContaining("given to member 'second' belong to member 'first'")
                .hasMessageContaining("create a ClusterMessaging for each member");
        assertThat(first.isRunning()).isTrue();
        assertThat(ClusterMessaging.of(first)).isSameAs(messaging);
    }

    @Test
    void carriesSubscriptionsOver() {
        Memberlist other = cluster.start("other", RecordingSubscriber::messaging);
        Memberlist member = start("a");
        List<String> heard = new ArrayList<>();
        Subscription kept = messaging.subscribe("kept", message -> heard.add(message.payloadText()));
        messaging.subscribe("closed", message -> heard.add("never")).close();
        cluster.await(member.shutdown());
        assertThat(messaging.broadcast("kept", bytes("nobody there"))).isCompletedExceptionally();
        Subscription whileDown = messaging.subscribe("early", message -> heard.add(message.payloadText()));
        assertThat(whileDown.waiting()).isZero();

        cluster.await(member.restart());
        cluster.await(member.join(VirtualCluster.addressOf(other)));
        for (String topic : List.of("kept", "closed", "early")) {
            cluster.await(ClusterMessaging.of(other).broadcast(topic, bytes("to " + topic)));
        }
        cluster.run(TIMEOUT);

        assertThat(heard).containsExactlyInAnyOrder("to kept", "to early");
        kept.close();
        cluster.await(ClusterMessaging.of(other).broadcast("kept", bytes("too late")));
        cluster.run(TIMEOUT);
        assertThat(heard).hasSize(2);
        assertThat(messaging.statistics().received()).isEqualTo(4);
    }

    @Test
    void withoutAMemberNothingIsSent() {
        assertThatThrownBy(() -> messaging.broadcast("t", bytes("x"))).hasMessageContaining("belong to no member yet");
        assertThat(messaging.statistics().broadcasts()).isZero();
    }

    @Test
    void passingOnClusterMessagesIsNoReasonToWarnOfAFullQueue() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
        logged.start();
        logger.addAppender(logged);
        try {
            List<Memberlist> members = cluster.startJoined(
                    3,
                    config -> RecordingSubscriber.messaging(config)
                            .gossip(g -> g.queueCheckInterval(Duration.ofMillis(100))));
            for (int i = 0; i < 300; i++) {
                ClusterMessaging.of(members.get(0)).broadcast("t", new byte[100]);
            }
            cluster.runUntil("many wait", () -> members.get(1).statistics().queuedBroadcasts() > 200);
            cluster.run(Duration.ofMillis(200));
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().levelInt >= ch.qos.logback.classic.Level.WARN_INT)
                .isEmpty();
    }

    private Memberlist start(String name) {
        return cluster.start(name, config -> config.extension(messaging.extension()));
    }
}
