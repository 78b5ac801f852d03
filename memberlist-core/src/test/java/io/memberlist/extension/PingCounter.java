package io.memberlist.extension;

import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A small protocol of its own on top of a member: each member pings all others once a second in one packet, and counts the
 * pings that it receives from each.
 */
final class PingCounter implements Extension {
    /** No text begins with these bytes, so no message of an application is taken for a ping. */
    private static final byte[] MAGIC = {(byte) 0xf5, 'p', 'i', 'n', 'g'};

    private static final long INTERVAL_NANOS = 1_000_000_000;

    private final Map<String, Integer> counts = new TreeMap<>();
    private ExtensionContext context;
    private EventLoop.Timer timer;

    @Override
    public void start(ExtensionContext context) {
        this.context = context;
        timer = context.loop().schedule(INTERVAL_NANOS, this::pingAll);
    }

    @Override
    public void stop() {
        timer.cancel();
    }

    private void pingAll() {
        byte[] name = context.name().getBytes(StandardCharsets.UTF_8);
        byte[] ping = new byte[MAGIC.length + name.length];
        System.arraycopy(MAGIC, 0, ping, 0, MAGIC.length);
        System.arraycopy(name, 0, ping, MAGIC.length, name.length);
        context.sendPackets(context.others(), List.of(ping), Completion.IGNORED);
        timer = context.loop().schedule(INTERVAL_NANOS, this::pingAll);
    }

    @Override
    public boolean claims(byte[] payload) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (payload.length <= i || payload[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void packetReceived(byte[] payload) {
        String from = new String(payload, MAGIC.length, payload.length - MAGIC.length, StandardCharsets.UTF_8);
        Member member = context.member(from);
        if (member == null) {
            context.warn("stranger", "a ping of somebody unknown", from);
        } else {
            counts.merge(from, 1, Integer::sum);
        }
    }

    /** {@return how many pings came from each member} From any thread. */
    CompletableFuture<Map<String, Integer>> counts() {
        return context.onLoop(() -> CompletableFuture.completedFuture(Map.copyOf(counts)));
    }
}
