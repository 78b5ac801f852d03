package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.spring.event.ClusterMessageEvent;
import io.memberlist.spring.messaging.ClusterRequestHandler;
import io.memberlist.spring.messaging.MemberlistTemplate;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** An application with {@code spring.threads.virtual.enabled}, which Spring Boot heeds from Java 21 on. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int AT_ONCE = 4;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistAutoConfiguration.class,
                    MemberlistMessagingAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues("spring.threads.virtual.enabled=true", "memberlist.node-name=a");

    @Test
    void handlersRunOnVirtualThreadsAtTheSameTimeAndMayBlock() {
        runner.run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            var self = context.getBean(Memberlist.class).localMember();

            List<CompletableFuture<String>> answers = Stream.generate(
                            () -> template.request(self, "meet", "x", String.class, PATIENCE))
                    .limit(AT_ONCE)
                    .toList();

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer)
                            .succeedsWithin(PATIENCE)
                            .asString()
                            .startsWith("VirtualThread"));
        });
    }

    @Test
    void listenersKeepTheThreadOfTheEventsAndTheirOrder() {
        runner.run(context -> {
            MemberlistTemplate template = context.getBean(MemberlistTemplate.class);
            for (int i = 0; i < 100; i++) {
                template.broadcast(new Tick(i)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            Application application = context.getBean(Application.class);

            assertThat(application.all).succeedsWithin(PATIENCE);
            assertThat(application.ticks).isSorted();
            assertThat(application.listening).startsWith("memberlist-callbacks");
        });
    }

    record Tick(int number) {}

    @Configuration(proxyBeanMethods = false)
    static class Application {
        final List<Integer> ticks = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> all = new CompletableFuture<>();
        volatile String listening = "";
        private final CyclicBarrier meeting = new CyclicBarrier(AT_ONCE);

        @Bean
        TransportFactory loopback() {
            return bind ->
                    NettyTransportFactory.shared().open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        /** Returns when as many requests are being answered as are sent. */
        @ClusterRequestHandler("meet")
        String meet(String request) throws InterruptedException, BrokenBarrierException, TimeoutException {
            meeting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return Thread.currentThread().toString();
        }

        @EventListener
        void on(ClusterMessageEvent<Tick> tick) {
            listening = Thread.currentThread().getName();
            ticks.add(tick.payload().number());
            if (ticks.size() == 100) {
                all.complete(null);
            }
        }
    }
}
