package io.memberlist.messaging.message;

/**
 * What tells a message from every other.
 *
 * @param origin the name of the member it comes from
 * @param instance a number that the origin chose when it was created, unlike any of its other lives, so that a restarted member's messages are
 *     new
 * @param number counted by the origin from 1, for broadcasts apart from messages to one member
 */
public record MessageId(String origin, long instance, long number) implements Comparable<MessageId> {
    /** By instance, number and origin, so that a hash table of IDs stays fast where senders choose IDs of one hash. */
    @Override
    public int compareTo(MessageId other) {
        int order = Long.compare(instance, other.instance);
        if (order == 0) {
            order = Long.compare(number, other.number);
        }
        return order != 0 ? order : origin.compareTo(other.origin);
    }

    /** {@return the id in one line} */
    @Override
    public String toString() {
        return origin + "/" + Long.toHexString(instance) + "/" + Long.toUnsignedString(number);
    }
}
