package io.memberlist.swim;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.PacketCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Offers the parts of a member's protocol to its extensions. */
final class MemberContext implements ExtensionContext {
    private static final int TYPE_BYTE = 1;

    private final Context context;
    private final PacketSender packets;
    private final StreamClient streams;
    private final Dissemination dissemination;
    private final LoopCalls calls;

    MemberContext(
            Context context, PacketSender packets, StreamClient streams, Dissemination dissemination, LoopCalls calls) {
        this.context = context;
        this.packets = packets;
        this.streams = streams;
        this.dissemination = dissemination;
        this.calls = calls;
    }

    @Override
    public EventLoop loop() {
        return context.loop();
    }

    @Override
    public String name() {
        return context.self();
    }

    @Override
    public String settingName(String path) {
        return context.config().settingName(path);
    }

    @Override
    public List<Member> others() {
        return context.table().published().stream()
                .filter(member -> member.state().isLive() && !member.name().equals(context.self()))
                .toList();
    }

    @Override
    public @Nullable Member member(String name) {
        return context.table().published(name);
    }

    @Override
    public @Nullable Member memberAt(InetSocketAddress address) {
        for (Member member : context.table().published()) {
            if (member.state().isLive() && member.address().equals(address)) {
                return member;
            }
        }
        return null;
    }

    @Override
    public boolean behind() {
        return context.userMessages().behind();
    }

    @Override
    public int maxPayload() {
        return packets.maxMessage() - TYPE_BYTE;
    }

    @Override
    public int packetRoom() {
        return packets.capacity(Checksum.CRC32);
    }

    @Override
    public int payloadOverhead() {
        return PacketCodec.COMPOUND_ENTRY + TYPE_BYTE;
    }

    @Override
    public int maxStreamPayload() {
        return context.config().limits().userMessageSize();
    }

    @Override
    public Duration streamTimeout() {
        return context.config().network().tcpTimeout();
    }

    @Override
    public Duration gossipInterval() {
        return context.config().gossip().interval();
    }

    @Override
    public void sendPackets(List<Member> to, List<byte[]> payloads, Completion<Void> completion) {
        packets.sendUsers(to, payloads, completion);
    }

    @Override
    public void sendStream(Member to, byte[] payload, Completion<Void> completion) {
        streams.deliverUser(new Recipient(to.address(), to.name()), payload, completion);
    }

    @Override
    public boolean gossip(Supplier<byte[]> payload) {
        return dissemination.passOn(payload);
    }

    @Override
    public void warn(Object kind, String what, @Nullable Object detail) {
        context.log().extension(kind, what, detail);
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        return calls.onLoop(action);
    }
}
