package io.memberlist.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.event.UserMessageEvent;
import io.memberlist.spring.messaging.ClusterRequestHandler;
import io.memberlist.spring.messaging.MemberlistTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Objects that travel between applications in one JVM, over the loopback interface. */
class ClusterMessagesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    @AfterEach
    void closeAll() {
        contexts.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void objectsReachListenersOfTheirTypeInOrderAndRequestsAreAnswered() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "--memberlist.join=" + address(a));
        awaitMembers(a, 2);
        awaitMembers(b, 2);

        for (int i = 1; i <= 50; i++) {
            template(a).broadcast(new OrderPlaced(i, "book")).join();
        }
        template(a).send("b", new OrderCancelled(7)).join();
        template(a).broadcast(new NobodyListens("x".repeat(5000))).join();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(application(b).placed).hasSize(50);
            assertThat(application(a).placed).as("this member hears itself too").hasSize(50);
            assertThat(application(b).cancelled).containsExactly(7);
        });
        assertThat(application(b).placed).isSorted();
        assertThat(application(b).origins).containsOnly("a");
        assertThat(application(a).cancelled).isEmpty();
        assertThat(application(b).raw).as("a cluster message is no raw message").isEmpty();
        assertThat(template(b).request("a", new StockQuery("book"), Stock.class))
                .succeedsWithin(PATIENCE)
                .isEqualTo(new Stock("book", 3));
        assertThat(template(b).request("a", new OrderPlaced(1, "x"), Stock.class))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("OrderPlaced");
    }

    @Test
    void listenersAndHandlersOutliveARestartOfTheLifecycle() {
        ConfigurableApplicationContext a = start("a");
        ConfigurableApplicationContext b = start("b", "--memberlist.join=" + address(a));
        awaitMembers(b, 2);

        a.stop();
        a.start();
        awaitMembers(a, 2);
        await().atMost(PATIENCE).until(() -> b.getBean(Memberlist.class).numMembers() == 2);
        template(b).send("a", new OrderPlaced(1, "book")).join();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application(a).placed).containsExactly(1));
        assertThat(template(b).request("a", new StockQuery("pen"), Stock.class))
                .succeedsWithin(PATIENCE)
                .isEqualTo(new Stock("pen", 3));
    }

    private ConfigurableApplicationContext start(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--memberlist.node-name=" + name,
                "--memberlist.profile=local",
                "--memberlist.network.tcp-timeout=10s",
                "--memberlist.network.bind-address=127.0.0.1",
                "--memberlist.network.bind-port=0"));
        all.addAll(List.of(arguments));
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .run(all.toArray(String[]::new));
        contexts.add(context);
        return context;
    }

    private static void awaitMembers(ConfigurableApplicationContext context, int count) {
        await().atMost(PATIENCE).until(() -> context.getBean(Memberlist.class).numMembers() == count);
    }

    private static MemberlistTemplate template(ConfigurableApplicationContext context) {
        return context.getBean(MemberlistTemplate.class);
    }

    private static Application application(ConfigurableApplicationContext context) {
        return context.getBean(Application.class);
    }

    private static String address(ConfigurableApplicationContext context) {
        return "127.0.0.1:"
                + context.getBean(Memberlist.class).localMember().address().getPort();
    }

    record OrderPlaced(int id, String item) {}

    record OrderCancelled(int id) {}

    record NobodyListens(String text) {}

    record StockQuery(String item) {}

    record Stock(String item, int count) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        final List<Integer> placed = new CopyOnWriteArrayList<>();
        final List<Integer> cancelled = new CopyOnWriteArrayList<>();
        final List<String> origins = new CopyOnWriteArrayList<>();
        final List<byte[]> raw = new CopyOnWriteArrayList<>();

        @EventListener
        void onPlaced(ClusterMessageEvent<OrderPlaced> event) {
            placed.add(event.payload().id());
            origins.add(event.origin());
        }

        @EventListener
        void onCancelled(ClusterMessageEvent<OrderCancelled> event) {
            cancelled.add(event.payload().id());
        }

        @EventListener
        void onRaw(UserMessageEvent event) {
            raw.add(event.payload());
        }

        @ClusterRequestHandler
        Stock stock(StockQuery query) {
            return new Stock(query.item(), 3);
        }
    }
}
