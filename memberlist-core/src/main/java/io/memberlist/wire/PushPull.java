package io.memberlist.wire;

import java.util.List;

/**
 * One side's whole state.
 *
 * @param join whether the exchange is a join
 * @param nodes every member the sender knows
 * @param userState the application's own state; empty for none
 */
public record PushPull(boolean join, List<PushPullNode> nodes, byte[] userState) implements Message {
    /** Copies the list. */
    public PushPull {
        nodes = List.copyOf(nodes);
    }
}
