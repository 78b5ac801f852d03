package io.memberlist.extension;

import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that messaging knows of the protocol below it: who is there, and how user messages leave. Not for applications. To
 * be used on the loop, except where a method says otherwise.
 */
public interface ExtensionContext {
    /** {@return the loop that messaging runs on} May be asked from anywhere. */
    EventLoop loop();

    /** {@return the live members but this one, in an order that is the same in every run of a simulation} */
    List<Member> others();

    /** {@return the member of that name in whatever state, or null} */
    @Nullable
    Member member(String name);

    /** {@return the live member at that address, or null} */
    @Nullable
    Member memberAt(InetSocketAddress address);

    /** {@return whether so many payloads have come and wait that what seems to be missing may be among them} */
    boolean behind();

    /** {@return the longest payload that fits a packet of its own, in bytes} May be asked from anywhere. */
    int maxPayload();

    /** {@return the bytes that a packet of several payloads has for them and what is around each} */
    int packetRoom();

    /** {@return the bytes around each payload in a packet of several} */
    int payloadOverhead();

    /** {@return whether a payload of so many bytes fits a packet, of gossip too} May be asked from anywhere. */
    default boolean fitsPacket(int length) {
        return length + payloadOverhead() <= packetRoom();
    }

    /**
     * Sends each of them one packet with these payloads.
     *
     * @param completion called once, when the last packet has left or could not be sent
     */
    void sendPackets(List<Member> to, List<byte[]> payloads, Completion<Void> completion);

    /**
     * Sends a payload over a stream.
     *
     * @param completion called once, when the other side has it or it could not be sent
     */
    void sendStream(Member to, byte[] payload, Completion<Void> completion);

    /**
     * Spreads a payload by gossip, in the room that news of members leaves.
     *
     * @param payload made only if it can be taken in
     * @return false if too many wait
     */
    boolean gossip(Supplier<byte[]> payload);

    /** Logs a warning, unless one of its kind was logged a moment ago. */
    void warn(Object kind, String what, @Nullable Object detail);

    /** Carries a call onto the loop and its outcome off it. May be called from anywhere. */
    <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action);
}
