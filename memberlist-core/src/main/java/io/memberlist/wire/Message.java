package io.memberlist.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of the protocol, unwrapped. Byte arrays in messages are shared, not copied: nobody changes them. */
public sealed interface Message {
    /**
     * The most bytes of a member's name, metadata or address. The Go library has no bound for names, but a message about a
     * member with a longer one would leave no room for its metadata in a packet.
     */
    int MAX_MEMBER_FIELD = 512;

    /**
     * "Are you there?", answered with an {@link Ack} under the same sequence number.
     *
     * @param sequence matches the answer; 0 to 2^32 - 1
     * @param node who is meant; empty from members that do not say
     * @param source whom to answer; null where the packet's source is to be used
     */
    public record Ping(long sequence, String node, @Nullable Source source) implements Message {}

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

    /**
     * The answer to a ping.
     *
     * @param sequence that of the ping
     * @param payload what the answering application adds; empty for none
     */
    public record Ack(long sequence, byte[] payload) implements Message {}

    /**
     * A helper's word that the target of an indirect ping did not answer it.
     *
     * @param sequence that of the indirect ping
     */
    public record Nack(long sequence) implements Message {}

    /**
     * News: a member is suspected to have failed.
     *
     * @param incarnation the incarnation that is suspected
     * @param node who is suspected
     * @param from who suspects
     */
    public record Suspect(long incarnation, String node, String from) implements Message {}

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

    /**
     * The application's own bytes.
     *
     * @param payload may be empty
     */
    public record UserMessage(byte[] payload) implements Message {}

    /**
     * One side's whole state.
     *
     * @param join whether the exchange is a join
     * @param nodes every member the sender knows
     * @param unreadable how many entries were left out when the message was read: they have no name, or a field longer than
     *     {@link #MAX_MEMBER_FIELD}. One broken entry must not keep the others from being read: a peer may only repeat what
     *     a third one told it
     * @param userState the application's own state; empty for none
     */
    public record PushPull(boolean join, List<PushPullNode> nodes, int unreadable, byte[] userState)
            implements Message {
        /** Copies the list. */
        public PushPull {
            nodes = List.copyOf(nodes);
        }

        /** Makes a state of which every entry is there. */
        public PushPull(boolean join, List<PushPullNode> nodes, byte[] userState) {
            this(join, nodes, 0, userState);
        }
    }

    /**
     * The answer on a stream to what could not be read.
     *
     * @param error for people to read
     */
    public record ErrorMessage(String error) implements Message {}

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
            String name, byte[] address, int port, byte[] meta, long incarnation, int state, byte[] versions) {
        /** {@return the alive message that says the same, whatever the state} */
        public Alive toAlive() {
            return new Alive(incarnation, name, address, port, meta, versions);
        }

        /** {@return the same at another incarnation} */
        public PushPullNode withIncarnation(long other) {
            return new PushPullNode(name, address, port, meta, other, state, versions);
        }
    }

    /**
     * Whom to answer: sent with pings so that the answer finds its way where the packet's source address would not.
     *
     * @param address 4 or 16 address bytes
     * @param port 1 to 65535
     * @param node the asking member's name; may be empty
     */
    public record Source(byte[] address, int port, String node) {}
}
