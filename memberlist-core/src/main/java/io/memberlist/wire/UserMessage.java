package io.memberlist.wire;

/**
 * The application's own bytes.
 *
 * @param payload may be empty
 */
public record UserMessage(byte[] payload) implements Message {}
