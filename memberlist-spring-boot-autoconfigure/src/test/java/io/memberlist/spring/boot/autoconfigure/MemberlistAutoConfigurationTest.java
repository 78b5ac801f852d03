package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import io.memberlist.Member;
import io.memberlist.MemberState;
import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.spring.CallbackThread;
import io.memberlist.spring.MemberlistLifecycle;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class MemberlistAutoConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MemberlistAutoConfiguration.class))
            .withUserConfiguration(FakeEngine.class);

    @Test
    void makesTheApplicationAMember() {
        runner.withPropertyValues("memberlist.node-name=a", "memberlist.meta=hello")
                .run(context -> {
                    Memberlist memberlist = context.getBean(Memberlist.class);
                    assertThat(memberlist.config().nodeName()).isEqualTo("a");
                    assertThat(memberlist.config().meta()).asString().isEqualTo("hello");
                    assertThat(context.getBean(MemberlistLifecycle.class).isRunning())
                            .isTrue();
                });
    }

    @Test
    void namesTheMemberAfterTheApplication() {
        runner.withPropertyValues("spring.application.name=shop")
                .run(context -> assertThat(
                                context.getBean(Memberlist.class).config().nodeName())
                        .startsWith("shop-")
                        .endsWith("-7946"));
    }

    @Test
    void leavesAndClosesWithTheContext() {
        runner.run(context -> {
            Memberlist memberlist = context.getBean(Memberlist.class);
            context.close();
            verify(memberlist).leave(Duration.ofSeconds(5));
            verify(memberlist).close();
        });
    }

    @Test
    void isSwitchedOffByAProperty() {
        runner.withPropertyValues("memberlist.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(Memberlist.class)
                        .doesNotHaveBean(MemberlistLifecycle.class)
                        .doesNotHaveBean(MemberlistEventPublisher.class));
    }

    @Test
    void backsOffWithoutTheEngine() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MemberlistAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(Memberlist.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MemberlistAutoConfiguration.class)
                        .doesNotHaveBean(MemberlistLifecycle.class));
    }

    @Test
    void takesTheApplicationsOwnMember() {
        Memberlist own = TestMembers.engine(TestMembers.member("own", MemberState.ALIVE, ""));
        runner.withBean("own", Memberlist.class, () -> own).run(context -> {
            assertThat(context).hasSingleBean(Memberlist.class).hasSingleBean(MemberlistLifecycle.class);
            assertThat(context.getBean(Memberlist.class)).isSameAs(own);
        });
    }

    @Test
    void livesOnTheNetworkThatIsABean() {
        TransportFactory network = bind -> CompletableFuture.failedFuture(new TransportException("not asked here"));
        runner.withBean(TransportFactory.class, () -> network)
                .run(context -> assertThat(
                                context.getBean(Memberlist.class).config().transportFactory())
                        .isSameAs(network));
    }

    @Test
    void addsNoExecutorBean() {
        runner.run(context ->
                assertThat(context).hasSingleBean(CallbackThread.class).doesNotHaveBean(Executor.class));
    }

    @Test
    void customizersHaveTheLastWordInTheirOrder() {
        runner.withPropertyValues("memberlist.gossip.nodes=2")
                .withBean("first", MemberlistCustomizer.class, () -> builder -> builder.gossipNodes(5))
                .run(context -> assertThat(
                                context.getBean(Memberlist.class).config().gossipNodes())
                        .isEqualTo(5));
    }

    @Test
    void callsEveryDelegateThoughOneFails() {
        List<String> calls = new ArrayList<>();
        runner.withBean("failing", EventDelegate.class, () -> new EventDelegate() {
                    @Override
                    public void memberJoined(Member member) {
                        throw new IllegalStateException("this one fails");
                    }
                })
                .withBean("hearing", EventDelegate.class, () -> new EventDelegate() {
                    @Override
                    public void memberJoined(Member member) {
                        calls.add("joined " + member.name());
                    }
                })
                .withBean("m1", MessageDelegate.class, () -> message -> {
                    calls.add("message " + message[0]);
                    message[0] = 9;
                })
                .withBean("m2", MessageDelegate.class, () -> message -> calls.add("message " + message[0]))
                .withBean("c", ConflictDelegate.class, () -> (existing, other) -> calls.add("conflict"))
                .run(context -> {
                    MemberlistConfig config = context.getBean(Memberlist.class).config();
                    Member b = TestMembers.member("b", MemberState.ALIVE, "");
                    Objects.requireNonNull(config.eventDelegate()).memberJoined(b);
                    Objects.requireNonNull(config.messageDelegate()).messageReceived(new byte[] {1});
                    Objects.requireNonNull(config.conflictDelegate()).nameConflict(b, b);
                    assertThat(calls).containsExactly("joined b", "message 1", "message 1", "conflict");
                });
    }

    @Test
    void anyDelegateMayVeto() {
        Member b = TestMembers.member("b", MemberState.ALIVE, "");
        runner.withBean("agrees", AliveDelegate.class, () -> member -> {})
                .withBean("refuses", AliveDelegate.class, () -> member -> {
                    throw new IllegalStateException("not you");
                })
                .withBean("merge", MergeDelegate.class, () -> members -> {
                    throw new IllegalStateException("not them");
                })
                .run(context -> {
                    MemberlistConfig config = context.getBean(Memberlist.class).config();
                    assertThatIllegalStateException()
                            .isThrownBy(() -> Objects.requireNonNull(config.aliveDelegate())
                                    .verifyAlive(b))
                            .withMessage("not you");
                    assertThatIllegalStateException()
                            .isThrownBy(() -> Objects.requireNonNull(config.mergeDelegate())
                                    .verifyMerge(List.of(b)))
                            .withMessage("not them");
                });
    }

    @Test
    void setsNoVetoWhereNobodyWantsOne() {
        runner.run(context -> {
            MemberlistConfig config = context.getBean(Memberlist.class).config();
            assertThat(config.aliveDelegate()).isNull();
            assertThat(config.mergeDelegate()).isNull();
            assertThat(config.stateDelegate()).isNull();
            assertThat(config.pingDelegate()).isNull();
            assertThat(config.callbackExecutor()).isNotNull();
        });
    }

    @Test
    void refusesTwoOwnersOfTheState() {
        runner.withBean("one", StateDelegate.class, NoState::new)
                .withBean("two", StateDelegate.class, NoState::new)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void takesMetadataAndBroadcastsFromADelegate() {
        Delegate delegate = mock(Delegate.class);
        runner.withBean("all", Delegate.class, () -> delegate).run(context -> {
            MemberlistConfig config = context.getBean(Memberlist.class).config();
            assertThat(config.delegate()).isSameAs(delegate);
            assertThat(config.stateDelegate()).isSameAs(delegate);
            Objects.requireNonNull(config.messageDelegate()).messageReceived(new byte[] {1});
            verify(delegate).messageReceived(new byte[] {1});
        });
    }

    private static final class NoState implements StateDelegate {
        @Override
        public byte[] localState(boolean join) {
            return new byte[0];
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class FakeEngine {
        @Bean
        MemberlistBinder memberlistBinder() {
            return new MemberlistBinder(
                    config -> TestMembers.engine(config, TestMembers.member(config.nodeName(), MemberState.ALIVE, "")));
        }
    }
}
