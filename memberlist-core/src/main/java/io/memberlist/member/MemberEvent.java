package io.memberlist.member;

/**
 * A change in the membership.
 *
 * @param type what happened
 * @param member the member, as it was right after the change
 */
public record MemberEvent(Type type, Member member) {
    /** What happened to a member. */
    public enum Type {
        /** It joined, or came back after it had failed or left. */
        JOINED,
        /** It did not answer probes, here or elsewhere, and may be about to be declared dead. */
        SUSPECTED,
        /** It was suspected, was heard of again, and counts as alive. */
        RECOVERED,
        /** It was declared dead. */
        FAILED,
        /** It left by its own will. */
        LEFT,
        /** The metadata of the live member changed. */
        UPDATED
    }
}
