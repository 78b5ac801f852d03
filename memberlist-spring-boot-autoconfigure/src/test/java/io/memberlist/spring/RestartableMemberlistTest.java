package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.metrics.MeasurementListener;
import io.memberlist.spring.messaging.FakeMessaging;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.core.SpringProperties;

class RestartableMemberlistTest {
    private final FakeMessaging firstMessaging = new FakeMessaging();
    private final FakeMessaging secondMessaging = new FakeMessaging();
    private final Memberlist first = firstMessaging.member("a");
    private final Memberlist second = secondMessaging.member("a");
    private final AtomicInteger reopened = new AtomicInteger();
    private final List<JoinResult> joined = new ArrayList<>();
    private final RestartableMemberlist memberlist = new RestartableMemberlist(
            first,
            previous -> {
                assertThat(previous).isSameAs(first);
                reopened.incrementAndGet();
                return second;
            },
            joined::add);

    @Test
    void startsNothingWhileItRuns() {
        memberlist.start();

        assertThat(reopened).hasValue(0);
        assertThat(memberlist.isRunning()).isTrue();
    }

    @Test
    void asksTheEngineThatFollowsAfterARestart() {
        memberlist.stop();
        verify(first).shutdown();
        when(first.isRunning()).thenReturn(false);
        memberlist.start();

        memberlist.leave(Duration.ZERO);

        verify(first, never()).leave(any());
        verify(second).leave(Duration.ZERO);
    }

    @Test
    void carriesSubscriptionsAndMeasurementsOver() throws Exception {
        List<String> heard = new ArrayList<>();
        MeasurementListener measured = Mockito.mock(MeasurementListener.class);
        Subscription kept = memberlist.messaging().subscribe("kept", message -> heard.add(message.payloadText()));
        Subscription closed = memberlist.messaging().subscribe("closed", message -> heard.add("never"));
        memberlist.addMeasurementListener(measured);
        closed.close();

        when(first.isRunning()).thenReturn(false);
        memberlist.start();
        secondMessaging.arrive("kept", "hello".getBytes(StandardCharsets.UTF_8), Map.of());

        assertThat(heard).containsExactly("hello");
        assertThat(secondMessaging.topics()).containsExactly("kept");
        verify(second, times(1)).addMeasurementListener(measured);
        kept.close();
        assertThat(secondMessaging.closed).hasSize(1);
    }

    @Test
    void holdsNoSocketWhenACheckpointComesBeforeTheStart() {
        SpringProperties.setProperty("spring.context.checkpoint", "onRefresh");
        try {
            memberlist.afterSingletonsInstantiated();
        } finally {
            SpringProperties.setProperty("spring.context.checkpoint", null);
        }
        verify(first).shutdown();
        when(first.isRunning()).thenReturn(false);
        memberlist.messaging().subscribe("early", message -> {});
        assertThat(firstMessaging.topics()).isEmpty();

        memberlist.start();

        assertThat(reopened).hasValue(1);
        assertThat(secondMessaging.topics()).containsExactly("early");
    }

    @Test
    void isOpenBeforeTheStartOtherwise() {
        memberlist.afterSingletonsInstantiated();

        verify(first, never()).shutdown();
    }

    @Test
    void tellsThatItJoinedOnceOthersAreKnown() {
        when(first.numMembers()).thenReturn(1);
        memberlist.join("myself").join();
        assertThat(joined).isEmpty();

        when(first.numMembers()).thenReturn(2);
        memberlist.join("b").join();
        assertThat(joined).hasSize(1);
    }

    @Test
    void cancellingAJoinReachesTheEngine() {
        CompletableFuture<JoinResult> pending = new CompletableFuture<>();
        when(first.join(anyCollection())).thenReturn(pending);

        memberlist.join("b").cancel(true);

        assertThat(pending).isCancelled();
    }

    /** A default method that is not handed on would ask this class, whose answer may be another one. */
    @Test
    void handsOnEveryMethodThatTheEngineMayOverride() {
        List<String> own = Arrays.stream(RestartableMemberlist.class.getDeclaredMethods())
                .map(Method::getName)
                .toList();
        List<String> missing = Arrays.stream(Memberlist.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !own.contains(name) && !name.equals("close"))
                .toList();

        assertThat(missing).isEmpty();
    }
}
