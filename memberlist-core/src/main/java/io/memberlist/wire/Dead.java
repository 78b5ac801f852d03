package io.memberlist.wire;

/**
 * News: a member has failed, or has left where it says so itself.
 *
 * @param incarnation the incarnation that is gone
 * @param node who is gone
 * @param from who says so; the member itself when it leaves
 */
public record Dead(long incarnation, String node, String from) implements Message {
    /** {@return whether the member itself says so: it left} */
    public boolean isLeave() {
        return node.equals(from);
    }
}
