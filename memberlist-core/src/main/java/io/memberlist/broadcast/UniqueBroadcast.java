package io.memberlist.broadcast;

/** A broadcast that replaces nothing and is replaced by nothing, which saves looking. */
public interface UniqueBroadcast extends Broadcast {}
