package io.memberlist.member;

/** What is believed of a member. The order is that of the protocol's wire format. */
public enum MemberState {
    /** Answers probes, or was heard of as alive. */
    ALIVE,
    /** Did not answer a probe; it has until the suspicion times out to refute. Still counted as a live member. */
    SUSPECT,
    /** Failed: the suspicion timed out, here or at another member. */
    DEAD,
    /** Left the cluster by its own will. */
    LEFT;

    /** {@return whether the member takes part in the cluster: alive, or suspected and not yet declared dead} */
    public boolean isLive() {
        return this == ALIVE || this == SUSPECT;
    }
}
