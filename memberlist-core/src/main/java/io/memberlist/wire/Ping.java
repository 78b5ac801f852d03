package io.memberlist.wire;

import org.jspecify.annotations.Nullable;

/**
 * "Are you there?", answered with an {@link Ack} under the same sequence number.
 *
 * @param sequence matches the answer; 0 to 2^32 - 1
 * @param node who is meant; empty from members that do not say
 * @param source whom to answer; null where the packet's source is to be used
 */
public record Ping(long sequence, String node, @Nullable Source source) implements Message {}
