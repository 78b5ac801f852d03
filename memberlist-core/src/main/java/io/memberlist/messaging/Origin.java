package io.memberlist.messaging;

/**
 * Where messages come from: one life of one member.
 *
 * @param name the member's name
 * @param instance drawn at random when it was created
 */
record Origin(String name, long instance) {}
