package io.memberlist.extension;

import io.memberlist.member.MemberEvent;
import java.net.InetSocketAddress;

/**
 * A protocol of its own on the loop of a member, such as cluster messages. It is given to the configuration, and is
 * started and stopped with the member.
 *
 * <p>The member calls every method on its loop, one at a time. Each must return soon and must not block. What a method
 * throws is logged and does not harm the member, save in {@link #start}. Between {@link #stop} and a later {@link #start},
 * with another context, the member calls nothing.
 */
public interface Extension {
    /**
     * Begins. No other member is known yet, and nothing has been received.
     *
     * @param context the member; valid until {@link #stop}
     * @throws io.memberlist.member.MemberlistException if the extension cannot take part, for instance since it belongs to
     *     another member; the member then does not start
     */
    void start(ExtensionContext context);

    /** Ends. Nothing that the extension sends from here on leaves the member. */
    void stop();

    /**
     * {@return whether a user message is this extension's} The application, and extensions that come later in the
     * configuration, do not see it then. Called for every user message, so it should look at the first bytes only. The Go
     * library hands such messages to its application, which has to expect them.
     */
    default boolean claims(byte[] payload) {
        return false;
    }

    /**
     * A message that the extension claims has come in a packet, or by gossip. Not at once: a few at a time, after the
     * member's own protocol. Beyond a bound they are dropped.
     */
    default void packetReceived(byte[] payload) {}

    /** A message that the extension claims has come over a stream. */
    default void streamReceived(byte[] payload) {}

    /**
     * A state exchange that this member began has ended well. The state itself belongs to the application: the protocol has
     * one place for it, which a member of the Go library hands to its own application. An extension that has state to
     * exchange sends a message of its own to the other member from here.
     *
     * @param with the other member's address
     */
    default void stateExchanged(InetSocketAddress with) {}

    /** The membership has changed, as the application is told too, and {@link ExtensionContext#member} shows it already. */
    default void memberChanged(MemberEvent event) {}
}
