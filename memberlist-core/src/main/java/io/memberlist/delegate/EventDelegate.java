package io.memberlist.delegate;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import java.util.function.Consumer;

/**
 * Hears of changes in the membership. Calls come off the protocol's thread, one at a time, in the order of the changes,
 * and none is lost; a slow implementation delays only its own later calls.
 *
 * <p>Where more than {@link io.memberlist.config.MemberlistConfig#handoffQueueDepth} calls wait, what came to nothing meanwhile is
 * left out of those that come after them, and counted: a member that was suspected and recovered, or one that joined and
 * left. What is told of each member is still in a possible order, and ends with what is true of it.
 */
public interface EventDelegate {
    /** A member joined, or came back after it had failed or left. Called for the local member too. */
    default void memberJoined(Member member) {}

    /** A member did not answer probes, here or elsewhere, and may be about to be declared dead. */
    default void memberSuspected(Member member) {}

    /** A suspected member was heard of again and counts as alive. */
    default void memberRecovered(Member member) {}

    /** A member was declared dead. */
    default void memberFailed(Member member) {}

    /** A member left by its own will. */
    default void memberLeft(Member member) {}

    /** The metadata of a live member changed. */
    default void memberUpdated(Member member) {}

    /**
     * Lifeguard's local health score of this member changed. {@link #into} does not hand this on, which is about no
     * other member.
     *
     * @param score 0 is healthy, higher is worse
     */
    default void localHealthChanged(int score) {}

    /**
     * {@return a delegate that hands every change of a member on as a value} With a queue that is the Go library's channel delegate:
     *
     * <pre>{@code
     * BlockingQueue<MemberEvent> events = new LinkedBlockingQueue<>();
     * config.eventDelegate(EventDelegate.into(events::add));
     * }</pre>
     *
     * @param sink called like the methods of this interface; what it throws is logged, and that event is lost
     */
    static EventDelegate into(Consumer<MemberEvent> sink) {
        return new EventDelegate() {
            @Override
            public void memberJoined(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.JOINED, member));
            }

            @Override
            public void memberSuspected(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.SUSPECTED, member));
            }

            @Override
            public void memberRecovered(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.RECOVERED, member));
            }

            @Override
            public void memberFailed(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.FAILED, member));
            }

            @Override
            public void memberLeft(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.LEFT, member));
            }

            @Override
            public void memberUpdated(Member member) {
                sink.accept(new MemberEvent(MemberEvent.Type.UPDATED, member));
            }
        };
    }
}
