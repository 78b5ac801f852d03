package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.config.Delegates;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.spring.CallbackThread;
import io.memberlist.spring.LoopbackMember;
import io.memberlist.spring.MemberlistLifecycle;
import io.memberlist.spring.NetworkLifecycle;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.event.MemberlistEventPublisher;
import io.memberlist.transport.TransportFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.InOrder;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class MemberlistAutoConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MemberlistAutoConfiguration.class))
            .withUserConfiguration(LoopbackMember.class);

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
    void settingsAreCalledAsTheirPropertiesInMessagesOfErrors() {
        runner.run(context -> {
            MemberlistConfig config = context.getBean(Memberlist.class).config();
            assertThat(config.settingName("limits.userMessageSize")).isEqualTo("memberlist.limits.user-message-size");
            assertThat(config.settingName("messaging.queueDepth")).isEqualTo("memberlist.messaging.queue-depth");
            assertThat(config.settingName("encryption.keyring")).isEqualTo("memberlist.encryption.keys");
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
            Memberlist engine = context.getBean(Memberlist.class);
            context.close();
            InOrder order = inOrder(engine);
            order.verify(engine).leave(Duration.ofSeconds(5));
            order.verify(engine, atLeastOnce()).shutdown();
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
        runner.run(
                context -> assertThat(context.getBean(Memberlist.class).config().transportFactory())
                        .isSameAs(context.getBean(TransportFactory.class)));
    }

    @Test
    void isTheSameBeanInANewLifeAfterARestart() {
        runner.withPropertyValues("memberlist.join=127.0.0.1:9").run(context -> {
            Memberlist memberlist = context.getBean(Memberlist.class);

            context.stop();
            assertThat(memberlist.isRunning()).isFalse();
            verify(memberlist).shutdown();
            clearInvocations(memberlist);

            context.start();
            assertThat(memberlist.isRunning()).isTrue();
            verify(memberlist).restart();
            verify(memberlist, timeout(5000)).join(List.of("127.0.0.1:9"));
        });
    }

    @Test
    void staysInTheClusterWhileTheContextIsPaused() {
        runner.run(context -> {
            Memberlist engine = context.getBean(Memberlist.class);

            context.getSourceApplicationContext().pause();

            verify(engine, never()).leave(any());
            verify(engine, never()).shutdown();
            assertThat(context.getBean(MemberlistLifecycle.class).isRunning()).isTrue();
        });
    }

    @Test
    void leavingTakesNoLongerThanThePhaseMay() {
        runner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=50ms", "memberlist.leave-timeout=0s")
                .run(context -> {
                    Memberlist engine = context.getBean(Memberlist.class);
                    doReturn(new CompletableFuture<>()).when(engine).leave(any());

                    context.close();

                    verify(engine).leave(Duration.ZERO);
                    verify(engine, atLeastOnce()).shutdown();
                });
    }

    @Test
    void joinsAfterTheWebServerAcceptsAndLeavesBeforeItDrains() {
        runner.run(context -> {
            int phase = context.getBean(MemberlistLifecycle.class).getPhase();
            int network = context.getBean(NetworkLifecycle.class).getPhase();

            assertThat(phase)
                    .isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
                    .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
            assertThat(network).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
        });
    }

    @Test
    void joinsWhereTheConnectionDetailsSay() {
        runner.withPropertyValues("memberlist.join=10.0.0.1")
                .withBean(MemberlistConnectionDetails.class, () -> () -> List.of("10.0.0.2"))
                .run(context -> {
                    assertThat(context).hasSingleBean(MemberlistConnectionDetails.class);
                    Memberlist engine = context.getBean(Memberlist.class);
                    verify(engine, timeout(5000)).join(List.of("10.0.0.2:7946"));
                });
    }

    @Test
    void hasConnectionDetailsOfTheProperties() {
        runner.withPropertyValues("memberlist.join=10.0.0.1, 10.0.0.2")
                .run(context -> assertThat(context.getBean(MemberlistConnectionDetails.class)
                                .seeds())
                        .containsExactly("10.0.0.1", "10.0.0.2"));
    }

    @Test
    void saysWhichBeanGaveASeedThatIsNone() {
        runner.withBean("fromConsul", MemberlistConnectionDetails.class, () -> () -> List.of("a:b"))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("'a:b' is no address")
                        .hasStackTraceContaining("given by the MemberlistConnectionDetails bean 'fromConsul'"));
    }

    @Test
    void takesTheApplicationsOwnConfiguration() {
        EventDelegate hears = mock(EventDelegate.class);
        MemberlistConfig own = MemberlistConfig.wan()
                .nodeName("own")
                .network(n -> n.bindPort(4711))
                .delegates(d -> d.event(hears))
                .build();
        runner.withPropertyValues("memberlist.node-name=other", "memberlist.gossip.nodes=9")
                .withBean(MemberlistConfig.class, () -> own)
                .run(context -> {
                    MemberlistConfig config = context.getBean(Memberlist.class).config();
                    assertThat(config.nodeName()).isEqualTo("own");
                    assertThat(config.network().bindPort()).isEqualTo(4711);
                    assertThat(config.gossip().nodes()).isEqualTo(own.gossip().nodes());
                    assertThat(config.callbackExecutor()).isNotNull();
                    Member b = TestMembers.member("b", MemberState.ALIVE, "");
                    MemberEvent joined = new MemberEvent.Joined(b);
                    Objects.requireNonNull(config.delegates().event()).memberEvent(joined);
                    verify(hears).memberEvent(joined);
                    assertThat(config.delegates().message())
                            .as("events are published")
                            .isNotNull();
                });
    }

    @Test
    void aConfigurationWithoutKeysBesideKeysInThePropertiesIsRefused() {
        runner.withPropertyValues("memberlist.encryption.keys=" + PropertiesConfigMapperTest.KEY_16)
                .withBean(
                        MemberlistConfig.class,
                        () -> MemberlistConfig.lan().nodeName("own").build())
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidMemberlistPropertyException.class)
                        .hasMessageContaining("has no keyring"));
    }

    @Test
    void takesTheApplicationsOwnKeyring() {
        Keyring keyring = Keyring.of(new byte[16]);
        runner.withPropertyValues("memberlist.encryption.verify-incoming=true")
                .withBean(Keyring.class, () -> keyring)
                .run(context -> assertThat(context.getBean(Memberlist.class)
                                .config()
                                .encryption()
                                .keyring())
                        .isSameAs(keyring));
    }

    @Test
    void addsNoExecutorBean() {
        runner.run(context ->
                assertThat(context).hasSingleBean(CallbackThread.class).doesNotHaveBean(Executor.class));
    }

    @Test
    void customizersHaveTheLastWordInTheirOrder() {
        runner.withPropertyValues("memberlist.gossip.nodes=2")
                .withBean("first", MemberlistCustomizer.class, () -> builder -> builder.gossip(g -> g.nodes(5)))
                .run(context -> assertThat(context.getBean(Memberlist.class)
                                .config()
                                .gossip()
                                .nodes())
                        .isEqualTo(5));
    }

    @Test
    void callsEveryDelegateThoughOneFails() {
        List<String> calls = new ArrayList<>();
        runner.withBean("failing", EventDelegate.class, () -> event -> {
                    throw new IllegalStateException("this one fails");
                })
                .withBean("hearing", EventDelegate.class, () -> event -> {
                    // the member itself joins too, on its own thread
                    if (event instanceof MemberEvent.Joined
                            && event.member().name().equals("b")) {
                        calls.add("joined " + event.member().name());
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
                    Objects.requireNonNull(config.delegates().event()).memberEvent(new MemberEvent.Joined(b));
                    Objects.requireNonNull(config.delegates().message()).messageReceived(new byte[] {1});
                    Objects.requireNonNull(config.delegates().conflict()).nameConflict(b, b);
                    assertThat(calls).containsExactly("joined b", "message 1", "message 1", "conflict");
                });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void namesTheDelegateBeanThatFails(CapturedOutput output) {
        EventDelegate given = event -> {
            throw new IllegalStateException("of the configuration");
        };
        runner.withBean(
                        MemberlistConfig.class,
                        () -> MemberlistConfig.local()
                                .nodeName("a")
                                .delegates(d -> d.event(given))
                                .build())
                .withBean("audit", EventDelegate.class, () -> event -> {
                    throw new IllegalStateException("the log is full");
                })
                .withBean("inbox", MessageDelegate.class, () -> message -> {
                    throw new IllegalStateException("the inbox is full");
                })
                .run(context -> {
                    Delegates delegates =
                            context.getBean(Memberlist.class).config().delegates();
                    Member b = TestMembers.member("b", MemberState.ALIVE, "");
                    Objects.requireNonNull(delegates.event()).memberEvent(new MemberEvent.Joined(b));
                    Objects.requireNonNull(delegates.message()).messageReceived(new byte[] {1});
                });

        assertThat(output.getOut())
                .contains("The EventDelegate of the configuration failed")
                .contains("The EventDelegate bean 'audit' failed; the delegates after it")
                .contains("The MessageDelegate bean 'inbox' failed; the delegates after it");
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
                            .isThrownBy(() -> Objects.requireNonNull(
                                            config.delegates().alive())
                                    .verifyAlive(b))
                            .withMessage("not you");
                    assertThatIllegalStateException()
                            .isThrownBy(() -> Objects.requireNonNull(
                                            config.delegates().merge())
                                    .verifyMerge(List.of(b)))
                            .withMessage("not them");
                });
    }

    @Test
    void setsNoVetoWhereNobodyWantsOne() {
        runner.run(context -> {
            MemberlistConfig config = context.getBean(Memberlist.class).config();
            assertThat(config.delegates().alive()).isNull();
            assertThat(config.delegates().merge()).isNull();
            assertThat(config.delegates().state()).isNull();
            assertThat(config.delegates().ping()).isNull();
            assertThat(config.callbackExecutor()).isNotNull();
        });
    }

    @Test
    void severalOwnersOfStateHaveAPartEach() {
        OwnState orders = new OwnState("orders");
        OwnState prices = new OwnState("prices");
        runner.withBean("orders", StateDelegate.class, () -> orders)
                .withBean("prices", StateDelegate.class, () -> prices)
                .run(context -> {
                    StateDelegate all = Objects.requireNonNull(context.getBean(Memberlist.class)
                            .config()
                            .delegates()
                            .state());
                    all.mergeRemoteState(all.localState(false), false);

                    assertThat(orders.merged).containsExactly("orders");
                    assertThat(prices.merged).containsExactly("prices");
                });
    }

    @Test
    void anOnlyOrPrimaryOwnerOfStateIsAskedItself() {
        OwnState only = new OwnState("only");
        runner.withBean(StateDelegate.class, () -> only)
                .run(context -> assertThat(context.getBean(Memberlist.class)
                                .config()
                                .delegates()
                                .state())
                        .isSameAs(only));
        runner.withBean("primary", StateDelegate.class, () -> only, bean -> bean.setPrimary(true))
                .withBean("other", StateDelegate.class, () -> new OwnState("other"))
                .run(context -> assertThat(context.getBean(Memberlist.class)
                                .config()
                                .delegates()
                                .state())
                        .isSameAs(only));
    }

    @Test
    void refusesKeysOfWhichAMemberOfTheApplicationsOwnKnowsNothing() {
        Memberlist own = TestMembers.engine(TestMembers.member("own", MemberState.ALIVE, ""));
        runner.withBean("own", Memberlist.class, () -> own)
                .withPropertyValues("memberlist.encryption.keys=MDEyMzQ1Njc4OWFiY2RlZg==")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasMessageContaining("memberlist.encryption.keys")
                        .hasMessageContaining("Memberlist bean"));
    }

    @Test
    void aMockedMemberDoesNoHarm() {
        runner.withBean("mocked", Memberlist.class, () -> mock(Memberlist.class))
                .withPropertyValues("memberlist.join=10.0.0.2")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getSourceApplicationContext().stop();
                });
    }

    @Test
    void takesMetadataAndBroadcastsFromADelegate() {
        Delegate delegate = mock(Delegate.class);
        when(delegate.nodeMeta(anyInt())).thenReturn(new byte[0]);
        runner.withBean("all", Delegate.class, () -> delegate).run(context -> {
            MemberlistConfig config = context.getBean(Memberlist.class).config();
            assertThat(config.delegates().delegate()).isSameAs(delegate);
            assertThat(config.delegates().state()).isSameAs(delegate);
            Objects.requireNonNull(config.delegates().message()).messageReceived(new byte[] {1});
            verify(delegate).messageReceived(new byte[] {1});
        });
    }

    private static final class OwnState implements StateDelegate {
        private final String state;
        private final List<String> merged = new ArrayList<>();

        OwnState(String state) {
            this.state = state;
        }

        @Override
        public byte[] localState(boolean join) {
            return state.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void mergeRemoteState(byte[] other, boolean join) {
            merged.add(new String(other, StandardCharsets.UTF_8));
        }
    }
}
