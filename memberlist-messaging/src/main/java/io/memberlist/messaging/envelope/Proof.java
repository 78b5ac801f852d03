package io.memberlist.messaging.envelope;

/**
 * Shows that the sender of a digest or fetch receives what is sent to the address that the cluster knows for it: it returns a
 * token that was sent there.
 *
 * @param given the token for the receiver, which returns it; 0 for none
 * @param shown the token that the receiver gave; 0 for none
 * @param number grows with each message to the receiver, so that a recorded one shows nothing
 */
public record Proof(long given, long shown, long number) {
    /** Shows nothing and gives nothing. */
    public static final Proof NONE = new Proof(0, 0, 0);

    /** {@return the proof for a later part of the same message} */
    Proof plus(int parts) {
        return shown == 0 ? this : new Proof(given, shown, number + parts);
    }
}
