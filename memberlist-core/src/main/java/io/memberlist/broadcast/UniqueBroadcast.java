package io.memberlist.broadcast;

/** A broadcast that replaces none and is replaced by none, so that the queue need not compare it with others. */
public interface UniqueBroadcast extends Broadcast {}
