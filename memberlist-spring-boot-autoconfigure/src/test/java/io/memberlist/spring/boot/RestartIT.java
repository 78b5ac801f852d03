package io.memberlist.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.event.ClusterJoinedEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/** Two applications that both have the first one as their seed, as in the README, and restarts of either. */
class RestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void closeAll() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    /** A member that is shut down without a leave is what a killed process looks like. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFirstComesBackAndIsFound(boolean leaves) throws IOException {
        int port = freePort();
        ConfigurableApplicationContext first = start(port, "first", port);
        ConfigurableApplicationContext second = start(port, "second", 0);
        awaitBoth(PATIENCE, first, second);

        for (int seconds : new int[] {0, 4}) {
            if (!leaves) {
                member(first).shutdown().join();
            }
            first.close();
            await().pollDelay(Duration.ofSeconds(seconds)).until(() -> true);
            first = start(port, "first", port);

            awaitBoth(SOON, first, second);
        }
    }

    @Test
    void bothAreRestartedOneAfterTheOther() throws IOException {
        int port = freePort();
        ConfigurableApplicationContext first = start(port, "first", port);
        ConfigurableApplicationContext second = start(port, "second", 0);
        awaitBoth(PATIENCE, first, second);

        first.close();
        second.close();
        second = start(port, "second-again", 0);
        first = start(port, "first", port);
        awaitBoth(SOON, first, second);
        first.close();
        first = start(port, "first", port);

        awaitBoth(SOON, first, second);
    }

    @Test
    void theBeanIsShutDownAndRestartedByHand() throws IOException {
        int port = freePort();
        ConfigurableApplicationContext first = start(port, "first", port);
        ConfigurableApplicationContext second = start(port, "second", 0);
        awaitBoth(PATIENCE, first, second);

        member(second).shutdown().join();
        member(second).restart().join();

        awaitBoth(SOON, first, second);
    }

    @Test
    void theFirstHearsOnceThatTheClusterIsJoinedAndNotOfItself() throws IOException {
        int port = freePort();
        ConfigurableApplicationContext first = start(port, "first", port);
        ConfigurableApplicationContext second = start(port, "second", 0);
        awaitBoth(PATIENCE, first, second);

        Joined joined = first.getBean(Joined.class);
        await().atMost(SOON).until(() -> !joined.events.isEmpty());
        assertThat(joined.events).hasSize(1);
        int other = member(second).localMember().address().getPort();
        assertThat(joined.events.get(0).result().reached()).containsExactly("127.0.0.1:" + other);
        assertThat(second.getBean(Joined.class).events).hasSize(1);
    }

    @Test
    void aContextThatIsClosedWhileItJoinsIsSeenAsLeft() throws IOException {
        int port = freePort();
        ConfigurableApplicationContext first = start(port, "first", port);
        await().until(() -> member(first).isRunning());

        // The closing begins while the first join is under way, or has just ended.
        start(port, "second", 0).close();

        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertThat(member(first).member("second").map(known -> known.state()))
                .isIn(Optional.empty(), Optional.of(MemberState.LEFT));
    }

    private static void awaitBoth(Duration atMost, ConfigurableApplicationContext... both) {
        await().atMost(atMost)
                .untilAsserted(() -> assertThat(both)
                        .allSatisfy(context ->
                                assertThat(member(context).numMembers()).isEqualTo(2)));
    }

    private static Memberlist member(ConfigurableApplicationContext context) {
        return context.getBean(Memberlist.class);
    }

    private ConfigurableApplicationContext start(int seed, String name, int port) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "memberlist.node-name=" + name,
                        "memberlist.network.bind-address=127.0.0.1",
                        "memberlist.network.bind-port=" + port,
                        "memberlist.join=127.0.0.1:" + seed)
                .run();
        contexts.add(context);
        return context;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MemberlistAutoConfiguration.class)
    @Import(Joined.class)
    static class Application {}

    static class Joined {
        final List<ClusterJoinedEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void joined(ClusterJoinedEvent event) {
            events.add(event);
        }
    }
}
