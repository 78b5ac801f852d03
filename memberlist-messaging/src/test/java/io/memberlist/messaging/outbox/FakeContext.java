package io.memberlist.messaging.outbox;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A context that counts packets, and keeps streams open until a test ends them. */
final class FakeContext implements ExtensionContext {
    static final int MEMBERS = 20;
    static final int LENGTH = 100;
    static final int SHARE = 10;
    private final EventLoop loop;
    private final List<Member> others =
            IntStream.range(0, MEMBERS).mapToObj(FakeContext::member).toList();
    boolean behind;
    int packets;
    int longestTurn;
    final List<Stream> streams = new ArrayList<>();
    private int turn;
    private long turnNanos;

    /** A stream that is still open. */
    record Stream(Member to, byte[] payload, Completion<Void> completion) {}

    FakeContext(EventLoop loop) {
        this.loop = loop;
    }

    static Member member(int number) {
        return new Member(
                "node-" + number,
                new InetSocketAddress("10.0.0.1", 7946),
                new byte[0],
                MemberState.ALIVE,
                1,
                new MemberVersions(1, 5, 2, 0, 0, 0),
                Instant.EPOCH);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public String name() {
        return "me";
    }

    @Override
    public int maxStreamPayload() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Duration streamTimeout() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration gossipInterval() {
        return Duration.ofMillis(200);
    }

    @Override
    public List<Member> others() {
        return others;
    }

    @Override
    public @Nullable Member member(String name) {
        return null;
    }

    @Override
    public @Nullable Member memberAt(InetSocketAddress address) {
        return null;
    }

    @Override
    public boolean behind() {
        return behind;
    }

    @Override
    public int maxPayload() {
        return SHARE * LENGTH;
    }

    @Override
    public int packetRoom() {
        return SHARE * LENGTH;
    }

    @Override
    public int payloadOverhead() {
        return 0;
    }

    @Override
    public void sendPackets(List<Member> to, List<byte[]> payloads, Completion<Void> completion) {
        packets += to.size();
        turn = turnNanos == loop.nanoTime() ? turn + to.size() : to.size();
        turnNanos = loop.nanoTime();
        longestTurn = Math.max(longestTurn, turn);
        completion.done(null, null);
    }

    @Override
    public void sendStream(Member to, byte[] payload, Completion<Void> completion) {
        streams.add(new Stream(to, payload, completion));
    }

    @Override
    public boolean gossip(Supplier<byte[]> payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void warn(Object kind, String what, @Nullable Object detail) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> action) {
        return action.get();
    }
}
