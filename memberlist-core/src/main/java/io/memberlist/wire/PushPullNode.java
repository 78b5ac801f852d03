package io.memberlist.wire;

/**
 * One member in a {@link PushPull}.
 *
 * @param name the member's name
 * @param address its address bytes, as it sent them
 * @param port its port; 0 from members of protocol 1
 * @param meta its metadata; empty for none
 * @param incarnation the last incarnation known
 * @param state 0 alive, 1 suspect, 2 dead, 3 left
 * @param versions as in {@link Alive}; empty from very old members
 */
public record PushPullNode(
        String name, byte[] address, int port, byte[] meta, long incarnation, int state, byte[] versions) {}
