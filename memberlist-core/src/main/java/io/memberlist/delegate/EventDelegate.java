package io.memberlist.delegate;

import io.memberlist.Member;

/**
 * Hears of changes in the membership. Calls come off the protocol's thread, one at a time, in the order of the changes,
 * and none is lost; a slow implementation delays only its own later calls.
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
}
