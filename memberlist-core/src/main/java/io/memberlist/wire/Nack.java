package io.memberlist.wire;

/**
 * A helper's word that the target of an indirect ping did not answer it.
 *
 * @param sequence that of the indirect ping
 */
public record Nack(long sequence) implements Message {}
