package io.memberlist.extension;

import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a member offers to an {@link Extension}: the loop, the members, and ways to send. To be used on the loop, except
 * where a method says otherwise.
 */
public interface ExtensionContext {
    /** {@return the event loop of the member, with its clocks, timers and random source} From any thread. */
    EventLoop loop();

    /** {@return the name of this member} From any thread. */
    String name();

    /**
     * {@return the name of a setting for whoever reads the messages of errors} From any thread.
     *
     * @param path its path, as {@code network.bindPort}
     */
    default String settingName(String path) {
        return path;
    }

    /** {@return the live members but this one, in an order that is the same in every run of a simulation} */
    List<Member> others();

    /** {@return the member of that name in whatever state, or null} */
    @Nullable
    Member member(String name);

    /** {@return the live member at that address, or null} */
    @Nullable
    Member memberAt(InetSocketAddress address);

    /**
     * {@return whether many claimed messages have come that were not handled yet} What seems to be missing may be among
     * them, and more of them should not be asked for.
     */
    boolean behind();

    /** {@return the longest payload that fits a packet of its own, in bytes} From any thread. */
    int maxPayload();

    /** {@return the bytes that a packet of several payloads has for them and what is around each} */
    int packetRoom();

    /** {@return the bytes around each payload in a packet of several} */
    int payloadOverhead();

    /** {@return whether a payload of so many bytes fits a packet, of gossip too} From any thread. */
    default boolean fitsPacket(int length) {
        return length + payloadOverhead() <= packetRoom();
    }

    /** {@return the longest payload that a stream takes, in bytes} From any thread. */
    int maxStreamPayload();

    /** {@return how long the member waits for another one over a stream} From any thread. */
    Duration streamTimeout();

    /** {@return how often the member gossips} From any thread. */
    Duration gossipInterval();

    /**
     * Sends each of these members one packet with these payloads, which is encoded once.
     *
     * @param completion called once, when the last packet has left or could not be sent
     */
    void sendPackets(List<Member> to, List<byte[]> payloads, Completion<Void> completion);

    /**
     * Sends a payload over a stream.
     *
     * @param completion called once, when the other side has it or it could not be sent
     * @throws io.memberlist.member.MemberlistException if the payload is longer than {@link #maxStreamPayload}
     */
    void sendStream(Member to, byte[] payload, Completion<Void> completion);

    /**
     * Spreads a payload by gossip, in the room that news of members and the application's broadcasts leave.
     *
     * @param payload made only if it can be taken in
     * @return false if too many wait, or if the payload fits no packet
     */
    boolean gossip(Supplier<byte[]> payload);

    /**
     * Logs a warning, unless one of its kind was logged a moment ago. For what other members can cause in any number.
     *
     * @param kind warnings with an equal kind are throttled together
     * @param detail what differs from one warning to the next; may come from others, and is made fit for a log
     */
    void warn(Object kind, String what, @Nullable Object detail);

    /**
     * Carries a caller's action onto the loop, and its outcome off it, where the caller may block. From any thread.
     *
     * @return fails if the member is shut down; cancelling it cancels the future of the action
     */
    <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action);
}
