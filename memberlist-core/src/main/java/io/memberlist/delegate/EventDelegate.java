package io.memberlist.delegate;

import io.memberlist.member.MemberEvent;

/**
 * Is notified of changes in the membership. Calls come off the protocol's thread, one at a time, in the order of the
 * changes, and none is lost; a slow implementation delays only its own later calls. An exception is logged, and the calls
 * after it come all the same.
 *
 * <p>With a queue it is what the Go library calls a channel delegate:
 *
 * <pre>{@code
 * BlockingQueue<MemberEvent> events = new LinkedBlockingQueue<>();
 * config.delegates(d -> d.event(events::add));
 * }</pre>
 *
 * <p>Where more than {@link io.memberlist.config.LimitsConfig#handoffQueueDepth} calls wait, events that cancel each
 * other out are left out of those that come after them, and counted: of a member that was suspected and recovered, or
 * that joined and left. The calls about each member still tell of a possible order, and end with its present state.
 */
@FunctionalInterface
public interface EventDelegate {
    /** @param event what happened, and to which member */
    void memberEvent(MemberEvent event);
}
