package io.memberlist.member;

/** The state of a member, as this member knows it. The order is that of the protocol's wire format. */
public enum MemberState {
    /** It answers probes, or a message says that it is alive. */
    ALIVE,
    /** It did not answer a probe, and can refute until the suspicion times out. It still counts as a live member. */
    SUSPECT,
    /** It failed: the suspicion timed out, here or at another member. */
    DEAD,
    /** It left the cluster on its own initiative. */
    LEFT;

    /** {@return whether the member takes part in the cluster: alive, or suspected and not yet declared dead} */
    public boolean isLive() {
        return this == ALIVE || this == SUSPECT;
    }
}
