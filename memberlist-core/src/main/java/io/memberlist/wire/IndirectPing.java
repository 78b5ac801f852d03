package io.memberlist.wire;

import org.jspecify.annotations.Nullable;

/**
 * "Ping that member for me."
 *
 * @param sequence matches the relayed {@link Ack} or {@link Nack}; 0 to 2^32 - 1
 * @param target the 4 or 16 address bytes to ping
 * @param port the port to ping; 0 from members of protocol 1
 * @param node who is meant
 * @param nack whether a {@link Nack} is wanted when the target does not answer
 * @param source whom to answer; null where the packet's source is to be used
 */
public record IndirectPing(
        long sequence,
        byte[] target,
        int port,
        String node,
        boolean nack,
        @Nullable Source source) implements Message {}
