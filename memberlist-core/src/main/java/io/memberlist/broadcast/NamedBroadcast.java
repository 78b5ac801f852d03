package io.memberlist.broadcast;

/** A broadcast that replaces a waiting one of the same name. */
public interface NamedBroadcast extends Broadcast {
    /** {@return what it is about; never changes} */
    String name();
}
