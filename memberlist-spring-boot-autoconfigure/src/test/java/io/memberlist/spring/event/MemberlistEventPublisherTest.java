package io.memberlist.spring.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.Reachability;
import io.memberlist.spring.TestMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;

class MemberlistEventPublisherTest {
    private final Member self = TestMembers.member("a", MemberState.ALIVE, "");
    private final Member other = TestMembers.member("b", MemberState.ALIVE, "");
    private final Memberlist engine = TestMembers.engine(self, other);
    private final List<Object> published = new ArrayList<>();
    private final MemberlistEventPublisher publisher = new MemberlistEventPublisher(published::add, Runnable::run);

    @Test
    void publishesEachCallbackAsItsEvent() {
        publisher.open(engine);

        publisher.memberEvent(new MemberEvent.Joined(other));
        publisher.memberEvent(new MemberEvent.Suspected(other));
        publisher.memberEvent(new MemberEvent.Recovered(other));
        publisher.memberEvent(new MemberEvent.Updated(other));
        publisher.memberEvent(new MemberEvent.Failed(other));
        publisher.memberEvent(new MemberEvent.Left(other));
        publisher.memberEvent(new MemberEvent.Degraded(other));
        publisher.memberEvent(new MemberEvent.Stabilized(other));
        publisher.messageReceived(new byte[] {1, 2});
        publisher.nameConflict(other, self);
        publisher.memberEvent(new MemberEvent.LocalHealthChanged(self, 3));
        publisher.memberEvent(new MemberEvent.ReachabilityChanged(self, Reachability.PACKETS_ONLY));
        publisher.memberEvent(new MemberEvent.LocalDeclaredDead(self, "b"));
        publisher.clusterJoined(new JoinResult(List.of("b"), Map.of()));

        assertThat(published)
                .extracting(Object::getClass)
                .<Class<?>>map(type -> type)
                .containsExactly(
                        MemberJoinedEvent.class,
                        MemberSuspectedEvent.class,
                        MemberRecoveredEvent.class,
                        MemberUpdatedEvent.class,
                        MemberFailedEvent.class,
                        MemberLeftEvent.class,
                        MemberDegradedEvent.class,
                        MemberStabilizedEvent.class,
                        UserMessageEvent.class,
                        NameConflictEvent.class,
                        LocalHealthChangedEvent.class,
                        MemberReachabilityChangedEvent.class,
                        LocalMemberDeclaredDeadEvent.class,
                        ClusterJoinedEvent.class);
        assertThat(published)
                .map(event -> ((ApplicationEvent) event).getSource())
                .containsOnly(engine);
        MembershipEvent first = (MembershipEvent) published.get(0);
        assertThat(first.member()).isSameAs(other);
        assertThat(first.getSource()).isSameAs(engine);
        assertThat(first.memberlist()).isSameAs(engine);
        assertThat(first.isLocal()).isFalse();
        assertThat(new MemberJoinedEvent(engine, self).isLocal()).isTrue();
    }

    @Test
    void saysWhatHappenedToTheMemberItself() {
        publisher.open(engine);

        publisher.nameConflict(other, self);
        publisher.memberEvent(new MemberEvent.LocalHealthChanged(self, 3));
        publisher.clusterJoined(new JoinResult(List.of("b"), Map.of()));

        NameConflictEvent conflict = (NameConflictEvent) published.get(0);
        assertThat(conflict.member()).isSameAs(other);
        assertThat(conflict.other()).isSameAs(self);
        LocalHealthChangedEvent health = (LocalHealthChangedEvent) published.get(1);
        assertThat(health.score()).isEqualTo(3);
        assertThat(health.isHealthy()).isFalse();
        assertThat(health.member()).isSameAs(self);
        ClusterJoinedEvent joined = (ClusterJoinedEvent) published.get(2);
        assertThat(joined.members()).isEqualTo(2);
        assertThat(joined.result().reached()).containsExactly("b");
        assertThat(joined.member()).isSameAs(self);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aListenerThatFailsAgainAndAgainHidesNoOtherOne(CapturedOutput output) {
        publisher.open(engine);

        for (int i = 0; i < 3; i++) {
            publisher.deliver(0, "a message", (memberlist, events) -> {
                throw new IllegalStateException("of the first");
            });
        }
        publisher.deliver(0, "a message", (memberlist, events) -> {
            throw new IllegalStateException("of the second");
        });

        assertThat(output.getOut()).containsOnlyOnce("of the first").containsOnlyOnce("of the second");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void saysOnWhichEventAboutWhichMemberAListenerFailed(CapturedOutput output) {
        MemberlistEventPublisher failing = new MemberlistEventPublisher(
                event -> {
                    throw new IllegalStateException("fails on " + event.getClass());
                },
                Runnable::run);
        failing.open(engine);

        failing.memberEvent(new MemberEvent.Joined(other));
        failing.deliver(0, "the message of b", (memberlist, events) -> {
            throw new IllegalArgumentException("unreadable");
        });

        assertThat(output.getOut())
                .contains("a: a listener failed on MemberJoinedEvent[" + other + "]; the events that follow")
                .contains("a: a listener failed on the message of b; the events that follow");
    }

    @Test
    void forgetsWhatIsAboutAViewThatIsGone() {
        publisher.memberEvent(new MemberEvent.Joined(other));
        publisher.messageReceived(new byte[0]);

        publisher.forgetHeld();
        publisher.open(engine);

        assertThat(published).isEmpty();
    }

    @Test
    void aMessageCannotBeChangedByAListener() {
        publisher.open(engine);
        byte[] sent = {1, 2};

        publisher.messageReceived(sent);
        sent[0] = 9;
        UserMessageEvent event = (UserMessageEvent) published.get(0);
        event.payload()[1] = 9;

        assertThat(event.payload()).containsExactly(1, 2);
        assertThat(event.getSource()).isSameAs(engine);
    }

    @Test
    void whatCameBeforeItOpensIsPublishedFirst() {
        publisher.memberEvent(new MemberEvent.Joined(self));
        publisher.memberEvent(new MemberEvent.Joined(other));
        assertThat(published).isEmpty();

        publisher.open(engine);
        publisher.memberEvent(new MemberEvent.Left(other));

        assertThat(published)
                .map(event -> ((MembershipEvent) event).member().name())
                .containsExactly("a", "b", "b");
    }

    @Test
    void holdsAgainUntilItIsReopened() {
        publisher.open(engine);
        publisher.hold();

        publisher.memberEvent(new MemberEvent.Joined(other));
        assertThat(published).isEmpty();

        publisher.open(engine);
        assertThat(published).hasSize(1);
    }

    @Test
    void boundsTheMessagesItHoldsButNoMembershipEvent() {
        for (int i = 0; i < MemberlistEventPublisher.MAX_HELD_DROPPABLE + 10; i++) {
            publisher.messageReceived(new byte[0]);
        }
        publisher.memberEvent(new MemberEvent.Joined(other));

        publisher.open(engine);

        assertThat(published).hasSize(MemberlistEventPublisher.MAX_HELD_DROPPABLE + 1);
        assertThat(published.get(published.size() - 1)).isInstanceOf(MemberJoinedEvent.class);
        publisher.messageReceived(new byte[0]);
        assertThat(published).hasSize(MemberlistEventPublisher.MAX_HELD_DROPPABLE + 2);
    }

    @Test
    void countsTheMessagesThatItDropsAndBoundsTheirBytes() {
        publisher.deliver(Integer.MAX_VALUE, "a message", (memberlist, target) -> published.add("large"));
        publisher.deliver(1, "a message", (memberlist, target) -> published.add("beyond the bound"));
        publisher.memberEvent(new MemberEvent.Joined(other));
        assertThat(publisher.dropped()).isEqualTo(1);

        publisher.open(engine);

        assertThat(published).hasSize(2).startsWith("large");
        publisher.hold();
        publisher.deliver(1, "a message", (memberlist, target) -> {});
        assertThat(publisher.dropped()).as("there is room again").isEqualTo(1);
    }

    @Test
    void takesOnNoTaskOfOthersWhileEventsAreHeld() {
        publisher.executor().execute(() -> published.add("a task"));
        assertThat(published).isEmpty();

        publisher.open(engine);
        assertThat(published).containsExactly("a task");

        publisher.hold();
        publisher.executor().execute(() -> published.add("another"));
        assertThat(published).containsExactly("a task");
        publisher.open(engine);
        assertThat(published).containsExactly("a task", "another");
    }

    @Test
    void aListenerThatHoldsTheEventsIsTheLastToBeCalled() {
        MemberlistEventPublisher closing = new MemberlistEventPublisher(published::add, Runnable::run);
        closing.deliver(0, "a message", (memberlist, target) -> closing.hold());
        closing.memberEvent(new MemberEvent.Joined(other));
        closing.open(engine);
        closing.memberEvent(new MemberEvent.Left(other));
        assertThat(published).isEmpty();

        closing.open(engine);

        assertThat(published)
                .extracting(Object::getClass)
                .<Class<?>>map(type -> type)
                .containsExactly(MemberJoinedEvent.class, MemberLeftEvent.class);
    }

    @Test
    void aListenerThatThrowsLosesNothingElse() {
        MemberlistEventPublisher failing = new MemberlistEventPublisher(
                event -> {
                    published.add(event);
                    throw new IllegalStateException("a listener fails");
                },
                Runnable::run);
        failing.open(engine);

        failing.memberEvent(new MemberEvent.Joined(other));
        failing.memberEvent(new MemberEvent.Left(other));

        assertThat(published).hasSize(2);
    }
}
