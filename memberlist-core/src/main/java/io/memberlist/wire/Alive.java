package io.memberlist.wire;

/**
 * News: a member is alive, under this address, with this metadata.
 *
 * @param incarnation the incarnation that is alive
 * @param node who is alive
 * @param address its 4 or 16 address bytes, as it sent them
 * @param port its port; 0 from members of protocol 1
 * @param meta its metadata; empty for none
 * @param versions protocol min, max, current, then delegate min, max, current; empty from very old members
 */
public record Alive(long incarnation, String node, byte[] address, int port, byte[] meta, byte[] versions)
        implements Message {}
