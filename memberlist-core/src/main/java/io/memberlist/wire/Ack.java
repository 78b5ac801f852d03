package io.memberlist.wire;

/**
 * The answer to a ping.
 *
 * @param sequence that of the ping
 * @param payload what the answering application adds; empty for none
 */
public record Ack(long sequence, byte[] payload) implements Message {}
