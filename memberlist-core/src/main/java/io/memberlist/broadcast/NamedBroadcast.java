package io.memberlist.broadcast;

/** A broadcast that replaces a waiting one with the same name. */
public interface NamedBroadcast extends Broadcast {
    /** {@return the name of what the broadcast is about, such as a member; never changes} */
    String name();
}
