package io.memberlist.spring.boot.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.discovery.ClusterServices;
import io.memberlist.spring.event.MemberJoinedEvent;
import io.memberlist.spring.event.MemberSuspectedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.event.EventListener;
import reactor.core.publisher.Flux;

class MemberlistDiscoveryAutoConfigurationTest {
    private final Member self = TestMembers.member("a", MemberState.ALIVE, MemberTags.encode(Map.of("zone", "x")));
    private final Memberlist engine = TestMembers.engine(
            self,
            instance("b", MemberState.ALIVE, "orders", "8080"),
            instance("c", MemberState.SUSPECT, "orders", "8081"),
            instance("d", MemberState.DEAD, "orders", "8082"),
            instance("e", MemberState.ALIVE, "bills", "8083"));
    private final ApplicationContextRunner noMember = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MemberlistServicesAutoConfiguration.class, MemberlistDiscoveryAutoConfiguration.class));
    private final ApplicationContextRunner runner = noMember.withBean(Memberlist.class, () -> engine);

    private static Member instance(String name, MemberState state, String service, String port) {
        return TestMembers.member(
                name, state, MemberTags.encode(Map.of("service", service, "service.port", port, "zone", "y")));
    }

    @Test
    void findsLiveMembersByTheirTags() {
        runner.run(context -> {
            DiscoveryClient client = context.getBean(DiscoveryClient.class);
            assertThat(client.getServices()).containsExactly("bills", "orders");
            assertThat(client.getInstances("orders"))
                    .extracting(ServiceInstance::getInstanceId)
                    .containsExactly("b", "c");
            ServiceInstance b = client.getInstances("orders").get(0);
            assertThat(b.getHost()).isEqualTo("10.0.0.1");
            assertThat(b.getPort()).isEqualTo(8080);
            assertThat(b.getUri()).hasToString("http://10.0.0.1:8080");
            assertThat(b.getMetadata()).isEqualTo(Map.of("zone", "y"));
            assertThat(client.getInstances("nothing")).isEmpty();
            assertThat(client.description()).isEqualTo("memberlist");

            ReactiveDiscoveryClient reactive = context.getBean(ReactiveDiscoveryClient.class);
            assertThat(reactive.getServices().collectList().block()).containsExactly("bills", "orders");
            assertThat(reactive.getInstances("orders").collectList().block()).hasSize(2);
        });
    }

    @Test
    void isOneOfTheClientsThatSpringCloudAsks() {
        runner.withConfiguration(AutoConfigurations.of(
                        UtilAutoConfiguration.class,
                        SimpleDiscoveryClientAutoConfiguration.class,
                        CompositeDiscoveryClientAutoConfiguration.class))
                .run(context -> assertThat(
                                context.getBean(DiscoveryClient.class).getInstances("bills"))
                        .hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memberlist.enabled", "memberlist.discovery.enabled", "spring.cloud.discovery.enabled"})
    void isSwitchedOff(String property) {
        runner.withPropertyValues(property + "=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(DiscoveryClient.class)
                        .doesNotHaveBean(ReactiveDiscoveryClient.class)
                        .doesNotHaveBean(ServiceAnnouncer.class));
    }

    @Test
    void eachKindOfClientIsSwitchedOffByItself() {
        runner.withPropertyValues("spring.cloud.discovery.blocking.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(DiscoveryClient.class)
                        .hasSingleBean(ReactiveDiscoveryClient.class));
        runner.withPropertyValues("spring.cloud.discovery.reactive.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryClient.class)
                        .doesNotHaveBean(ReactiveDiscoveryClient.class));
    }

    @Test
    void isNotThereWithoutAMemberOrSpringCloud() {
        noMember.run(context -> assertThat(context).doesNotHaveBean(DiscoveryClient.class));
        runner.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("memberlistDiscoveryClient");
                    assertThat(context.getBean(ClusterServices.class).instances("orders"))
                            .extracting(it -> it.uri().toString())
                            .containsExactly("http://10.0.0.1:8080", "http://10.0.0.1:8081");
                });
    }

    @Test
    void doesWithoutReactorAndWithoutAWebServer() {
        runner.withClassLoader(new FilteredClassLoader(Flux.class, WebServerInitializedEvent.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryClient.class)
                        .doesNotHaveBean("memberlistReactiveDiscoveryClient")
                        .doesNotHaveBean("memberlistWebServiceAnnouncement"));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        MemberlistDiscoveryClient own = new MemberlistDiscoveryClient(new ClusterServices(engine));
        runner.withBean("own", MemberlistDiscoveryClient.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(DiscoveryClient.class).isSameAs(own));
    }

    @Test
    void announcesTheServiceAtTheConfiguredPortBesideTheTagsThereAre() {
        appliesTags();
        runner.withPropertyValues(
                        "spring.application.name=shop",
                        "memberlist.discovery.port=9000",
                        "memberlist.discovery.scheme=https",
                        "memberlist.discovery.host=shop.example")
                .run(context -> assertThat(engine.localMember().tags())
                        .isEqualTo(Map.of(
                                "zone",
                                "x",
                                "service",
                                "shop",
                                "service.port",
                                "9000",
                                "service.scheme",
                                "https",
                                "service.host",
                                "shop.example")));
    }

    @Test
    void anotherPortReplacesTheOneThatWasAnnounced() {
        appliesTags();
        ServiceAnnouncer announcer = new ServiceAnnouncer(engine, "shop");

        announcer.announce(9000, "http", "old.example");
        announcer.announce(9001, "https", null);

        assertThat(engine.localMember().tags())
                .isEqualTo(Map.of("zone", "x", "service", "shop", "service.port", "9001", "service.scheme", "https"));
    }

    /** The member applies changes of its tags at once. */
    private void appliesTags() {
        when(engine.updateTags(any(), any())).thenAnswer(call -> {
            UnaryOperator<Map<String, String>> change = call.getArgument(0);
            Map<String, String> tags =
                    change.apply(new TreeMap<>(engine.localMember().tags()));
            when(engine.localMember()).thenReturn(TestMembers.member("a", MemberState.ALIVE, MemberTags.encode(tags)));
            return CompletableFuture.completedFuture(null);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memberlist.discovery.port=99999",
                "memberlist.discovery.port=0",
                "memberlist.discovery.scheme=ftp"
            })
    void refusesWhatNobodyWouldFind(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith(property.replace("=", " is ").replace("ftp", "'ftp'")));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        runner.withPropertyValues("memberlist.discovery.service=shop")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("memberlist.discovery.service"));
    }

    @Test
    void announcesNothingWithoutAPortOrWhereRegistrationIsOff() {
        runner.run(context -> verify(engine, never()).updateTags(any(), any()));
        runner.withPropertyValues(
                        "memberlist.discovery.port=9000",
                        "spring.cloud.service-registry.auto-registration.enabled=false")
                .run(context -> verify(engine, never()).updateTags(any(), any()));
    }

    @Test
    void leavesMetadataThatIsNotMadeOfTagsAlone() {
        Memberlist other = TestMembers.engine(TestMembers.member("m", MemberState.ALIVE, "zone=x"));
        noMember.withBean(Memberlist.class, () -> other)
                .withPropertyValues("memberlist.discovery.port=9000")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    verify(other, never()).updateTags(any(), any());
                });
    }

    @Test
    void tellsSpringCloudWhenInstancesChange() {
        runner.withBean(Heartbeats.class).run(context -> {
            context.publishEvent(new MemberJoinedEvent(engine, self));
            context.publishEvent(new MemberSuspectedEvent(engine, self));
            context.publishEvent(new MemberJoinedEvent(engine, self));

            assertThat(context.getBean(Heartbeats.class).values).containsExactly(1L, 2L);
        });
    }

    @Test
    void tellsSpringCloudWhenTheClientIsReady() {
        Member other = TestMembers.member("b", MemberState.ALIVE, new byte[0]);
        runner.withBean(Heartbeats.class).run(context -> {
            context.publishEvent(new MemberJoinedEvent(engine, other));
            assertThat(context.getBean(Heartbeats.class).registered).isEmpty();
            context.publishEvent(new MemberJoinedEvent(engine, engine.localMember()));
            assertThat(context.getBean(Heartbeats.class).registered).containsExactly(engine.localMember());
        });
    }

    static class Heartbeats {
        final List<Object> values = new ArrayList<>();
        final List<Object> registered = new ArrayList<>();

        @EventListener
        void on(InstanceRegisteredEvent<?> event) {
            registered.add(event.getConfig());
        }

        @EventListener
        void on(HeartbeatEvent event) {
            values.add(event.getValue());
        }
    }
}
