package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.MessagingNode;
import io.memberlist.swim.SwimNode;
import io.memberlist.swim.UserMessageListener;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Between messaging and the protocol, which do not know each other. */
final class MessagingBridge implements ExtensionContext {
    private final MemberlistConfig config;
    private final EventLoop loop;
    private final SwimNode node;
    private final Carrier carrier;

    MessagingBridge(MemberlistConfig config, EventLoop loop, SwimNode node, Carrier carrier) {
        this.config = config;
        this.loop = loop;
        this.node = node;
        this.carrier = carrier;
    }

    /** Carries a call onto the loop and its outcome off it. */
    interface Carrier {
        <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action);
    }

    /** {@return what hands user messages to messaging first} */
    static UserMessageListener listener(MessagingNode messaging) {
        return new UserMessageListener() {
            @Override
            public boolean wants(byte[] payload) {
                return messaging.wants(payload);
            }

            @Override
            public void packet(byte[] payload) {
                messaging.packet(payload);
            }

            @Override
            public boolean stream(byte[] payload) {
                return messaging.stream(payload);
            }

            @Override
            public void exchanged(InetSocketAddress with) {
                messaging.exchanged(with);
            }
        };
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public List<Member> others() {
        List<Member> others = new ArrayList<>();
        for (Member member : node.members()) {
            if (member.state().isLive() && !member.name().equals(config.nodeName())) {
                others.add(member);
            }
        }
        return others;
    }

    @Override
    public @Nullable Member member(String name) {
        return node.member(name);
    }

    @Override
    public @Nullable Member memberAt(InetSocketAddress address) {
        for (Member member : node.members()) {
            if (member.state().isLive() && member.address().equals(address)) {
                return member;
            }
        }
        return null;
    }

    @Override
    public boolean behind() {
        return node.behind();
    }

    @Override
    public int maxPayload() {
        return node.maxPacketMessage();
    }

    @Override
    public int packetRoom() {
        return node.packetRoom();
    }

    @Override
    public int payloadOverhead() {
        return node.packetOverhead();
    }

    @Override
    public void sendPackets(List<Member> to, List<byte[]> payloads, Completion<Void> completion) {
        node.sendPackets(to, payloads, completion);
    }

    @Override
    public void sendStream(Member to, byte[] payload, Completion<Void> completion) {
        node.deliver(DefaultMemberlist.recipient(to), payload, completion);
    }

    @Override
    public boolean gossip(Supplier<byte[]> payload) {
        return node.passOn(payload);
    }

    @Override
    public void warn(Object kind, String what, @Nullable Object detail) {
        node.warn(kind, what, detail);
    }

    @Override
    public <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        return carrier.onLoop(action);
    }
}
