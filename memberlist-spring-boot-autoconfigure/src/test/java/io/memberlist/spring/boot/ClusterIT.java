package io.memberlist.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.spring.MemberlistLifecycle;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistPortInUseException;
import io.memberlist.spring.boot.autoconfigure.health.MemberlistHealthContributorAutoConfiguration;
import io.memberlist.spring.boot.health.MemberlistHealthIndicator;
import io.memberlist.spring.event.ClusterJoinedEvent;
import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MembershipEvent;
import io.memberlist.spring.event.NameConflictEvent;
import io.memberlist.spring.event.UserMessageEvent;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/** Several applications in one JVM that form a cluster on the loopback interface. */
@ExtendWith(OutputCaptureExtension.class)
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void closeAll() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void applicationsFormAClusterAndHearOfEachOther() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        ConfigurableApplicationContext c = start("c", "memberlist.join=" + address(a));

        for (ConfigurableApplicationContext context : List.of(a, b, c)) {
            awaitMembers(context, 3);
            awaitJoined(context, "a", "b", "c");
            assertThat(health(context)).isEqualTo(Status.UP);
        }
        assertThat(events(b).membership.get(0)).isInstanceOfSatisfying(MemberJoinedEvent.class, own -> {
            assertThat(own.isLocal()).isTrue();
            assertThat(own.memberlist()).isSameAs(memberlist(b));
        });

        b.close();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(state(a, "b")).isEqualTo(MemberState.LEFT);
            assertThat(state(c, "b")).isEqualTo(MemberState.LEFT);
            assertThat(events(a).names("MemberLeftEvent")).containsExactly("b");
        });
        assertThat(events(a).names("MemberFailedEvent")).isEmpty();
    }

    @Test
    void userMessagesArriveAsEvents() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitMembers(b, 2);

        Memberlist sender = memberlist(b);
        Member receiver = sender.member("a").orElseThrow();
        sender.sendReliable(receiver, "by stream".getBytes(StandardCharsets.UTF_8))
                .join();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(a).messages).containsExactly("by stream"));
    }

    @Test
    void updatedMetadataArrivesAsAnEvent() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a), "memberlist.meta=old");
        awaitMembers(a, 2);

        memberlist(b)
                .updateMeta("new".getBytes(StandardCharsets.UTF_8), PATIENCE)
                .join();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(events(a).names("MemberUpdatedEvent")).containsExactly("b"));
        assertThat(memberlist(a).member("b").orElseThrow().meta()).asString().isEqualTo("new");
    }

    @Test
    void anApplicationThatDiesWithoutAWordHasFailed() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitMembers(a, 2);

        memberlist(b).shutdown().join();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(events(a).names("MemberFailedEvent")).containsExactly("b"));
    }

    @Test
    void aListenerThatBlocksInOneApplicationDelaysNoOther() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitJoined(b, "a", "b");
        CountDownLatch release = new CountDownLatch(1);
        events(b).blockOn = release;

        try {
            start("c", "memberlist.join=" + address(a));
            awaitJoined(a, "a", "b", "c");
            awaitMembers(b, 3);
            assertThat(events(b).names("MemberJoinedEvent")).doesNotContain("c");
        } finally {
            release.countDown();
        }
        awaitJoined(b, "a", "b", "c");
    }

    @Test
    void startsThoughTheSeedIsNotThereAndJoinsWhenItComes() throws IOException {
        int port = freePort();
        ConfigurableApplicationContext early = start(
                "early",
                "memberlist.join=127.0.0.1:" + port,
                "memberlist.join-retry.initial-delay=100ms",
                "memberlist.join-retry.max-delay=500ms",
                "memberlist.health.out-of-service-until-joined=true");
        assertThat(memberlist(early).numMembers()).isEqualTo(1);
        assertThat(health(early)).isEqualTo(Status.OUT_OF_SERVICE);

        start("late", "memberlist.network.bind-port=" + port);

        awaitMembers(early, 2);
        assertThat(health(early)).isEqualTo(Status.UP);
    }

    @Test
    void aPortThatWasAskedForAndIsTakenFailsTheStart(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatExceptionOfType(BeanCreationException.class)
                    .isThrownBy(() -> start("a", "memberlist.network.bind-port=" + taken.getLocalPort()))
                    .satisfies(failure ->
                            assertThat(chain(failure)).hasAtLeastOneElementOfType(MemberlistPortInUseException.class));
            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("could not be bound to port " + taken.getLocalPort())
                    .contains("set memberlist.network.bind-port to another port");
        }
    }

    @Test
    void aSecondApplicationOnTheDefaultPortGetsAnother() {
        ConfigurableApplicationContext a = start("a", Map.of());
        ConfigurableApplicationContext b = start("b", Map.of());

        assertThat(memberlist(b).localMember().address().getPort())
                .isNotEqualTo(7946)
                .isNotEqualTo(memberlist(a).localMember().address().getPort());
    }

    @Test
    void tellsThatItJoined() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(b).joined).hasSize(1));
        assertThat(events(b).joined.get(0).members()).isEqualTo(2);
        assertThat(events(b).joined.get(0).getSource()).isSameAs(memberlist(b));
        assertThat(events(a).joined)
                .as("it was joined, and asked nobody itself")
                .isEmpty();
    }

    @Test
    void tellsOfASecondMemberOfTheSameName() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitMembers(b, 2);
        start("b", "memberlist.join=" + address(a));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(a).conflicts).isNotEmpty());
        NameConflictEvent conflict = events(a).conflicts.get(0);
        assertThat(conflict.member().address())
                .isEqualTo(memberlist(b).localMember().address());
        assertThat(conflict.other().name()).isEqualTo("b");
    }

    @Test
    void aStoppedLifecycleHoldsNoSocketAndComesBackAtTheSamePort() throws IOException {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        Memberlist bean = memberlist(a);
        InetSocketAddress address = bean.localMember().address();
        awaitMembers(a, 2);
        bean.updateMeta("set while it ran".getBytes(StandardCharsets.UTF_8), PATIENCE)
                .join();

        a.stop();
        try (ServerSocket stream = new ServerSocket(address.getPort(), 1, address.getAddress());
                DatagramSocket packets = new DatagramSocket(address)) {
            assertThat(stream.isBound() && packets.isBound()).isTrue();
        }

        a.start();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(b, "a")).isEqualTo(MemberState.ALIVE));
        awaitMembers(a, 2);
        assertThat(bean.localMember().address()).isEqualTo(address);
        assertThat(memberlist(b).member("a").orElseThrow().meta()).asString().isEqualTo("set while it ran");
        assertThat(memberlist(b).members()).hasSize(2);
    }

    @Test
    void aRestartOfTheContextJoinsAgain() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitMembers(b, 2);

        a.pause();
        assertThat(memberlist(a).isRunning()).as("not pauseable").isTrue();
        a.restart();

        awaitMembers(a, 2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(b, "a")).isEqualTo(MemberState.ALIVE));
        assertThat(events(b).names("MemberFailedEvent")).isEmpty();
    }

    @Test
    void aLifecycleThatIsStoppedAndStartedLeavesAndComesBack() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "memberlist.join=" + address(a));
        awaitMembers(a, 2);

        a.stop();
        assertThat(a.getBean(MemberlistLifecycle.class).isRunning()).isFalse();
        assertThat(health(a)).isEqualTo(Status.OUT_OF_SERVICE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(b, "a")).isEqualTo(MemberState.LEFT));

        a.start();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(b, "a")).isEqualTo(MemberState.ALIVE));
        awaitMembers(a, 2);
        assertThat(health(a)).isEqualTo(Status.UP);
    }

    private ConfigurableApplicationContext start(String name, String... properties) {
        return start(name, Map.of("memberlist.network.bind-port", "0"), properties);
    }

    private ConfigurableApplicationContext start(String name, Map<String, String> port, String... properties) {
        Map<String, String> all = new LinkedHashMap<>(port);
        all.put("memberlist.node-name", name);
        all.put("memberlist.profile", "local");
        all.put("memberlist.network.tcp-timeout", "10s");
        all.put("memberlist.network.bind-address", "127.0.0.1");
        for (String property : properties) {
            int equals = property.indexOf('=');
            all.put(property.substring(0, equals), property.substring(equals + 1));
        }
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .run(all.entrySet().stream()
                        .map(it -> "--" + it.getKey() + "=" + it.getValue())
                        .toArray(String[]::new));
        contexts.add(context);
        return context;
    }

    private static void awaitMembers(ConfigurableApplicationContext context, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(memberlist(context).members()).hasSize(count));
    }

    private static void awaitJoined(ConfigurableApplicationContext context, String... names) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(events(context).names("MemberJoinedEvent")).containsExactlyInAnyOrder(names));
    }

    private static Memberlist memberlist(ConfigurableApplicationContext context) {
        return context.getBean(Memberlist.class);
    }

    private static Events events(ConfigurableApplicationContext context) {
        return context.getBean(Events.class);
    }

    private static Status health(ConfigurableApplicationContext context) {
        return context.getBean(MemberlistHealthIndicator.class).health().getStatus();
    }

    private static MemberState state(ConfigurableApplicationContext context, String name) {
        return memberlist(context).member(name).orElseThrow().state();
    }

    private static String address(ConfigurableApplicationContext context) {
        return "127.0.0.1:" + memberlist(context).localMember().address().getPort();
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({MemberlistAutoConfiguration.class, MemberlistHealthContributorAutoConfiguration.class})
    @Import(Events.class)
    static class Application {}

    static class Events {
        final List<MembershipEvent> membership = new CopyOnWriteArrayList<>();
        final List<String> messages = new CopyOnWriteArrayList<>();
        final List<ClusterJoinedEvent> joined = new CopyOnWriteArrayList<>();
        final List<NameConflictEvent> conflicts = new CopyOnWriteArrayList<>();
        volatile CountDownLatch blockOn = new CountDownLatch(0);

        @EventListener
        void on(MembershipEvent event) throws InterruptedException {
            blockOn.await();
            membership.add(event);
        }

        @EventListener
        void on(UserMessageEvent event) {
            messages.add(new String(event.payload(), StandardCharsets.UTF_8));
        }

        @EventListener
        void on(ClusterJoinedEvent event) {
            joined.add(event);
        }

        @EventListener
        void on(NameConflictEvent event) {
            conflicts.add(event);
        }

        List<String> names(String type) {
            return membership.stream()
                    .filter(event -> event.getClass().getSimpleName().equals(type))
                    .map(event -> event.member().name())
                    .toList();
        }
    }
}
