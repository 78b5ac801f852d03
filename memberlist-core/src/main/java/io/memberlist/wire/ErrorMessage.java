package io.memberlist.wire;

/**
 * The answer on a stream to what could not be read.
 *
 * @param error for people to read
 */
public record ErrorMessage(String error) implements Message {}
