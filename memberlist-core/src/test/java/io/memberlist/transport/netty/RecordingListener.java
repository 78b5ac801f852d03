package io.memberlist.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportDrop;
import io.memberlist.transport.TransportListener;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records everything of one transport for the thread of the test. */
final class RecordingListener implements TransportListener {
    final Transport transport;
    final BlockingQueue<Packet> packets = new LinkedBlockingQueue<>();
    final BlockingQueue<Drop> drops = new LinkedBlockingQueue<>();
    final BlockingQueue<Conversation> accepted = new LinkedBlockingQueue<>();
    private final Queue<String> offences;
    /** Creates the handler of the next accepted stream; set it before the stream arrives. */
    volatile Supplier<Conversation> conversations;

    RecordingListener(Transport transport, Queue<String> offences) {
        this.transport = transport;
        this.offences = offences;
        this.conversations = Conversation::new;
    }

    record Drop(InetSocketAddress peer, TransportDrop reason, int count, String detail) {}

    record Packet(InetSocketAddress from, byte[] bytes, long receivedNanos) {}

    InetSocketAddress address() {
        return transport.boundAddress();
    }

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
        checkThread("packetReceived");
        packets.add(new Packet(from, packet, receivedNanos));
    }

    @Override
    public void dropped(InetSocketAddress peer, TransportDrop reason, int count, String detail) {
        checkThread("dropped");
        drops.add(new Drop(peer, reason, count, detail));
    }

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        checkThread("streamAccepted");
        Conversation conversation = conversations.get();
        accepted.add(conversation);
        return conversation;
    }

    Packet nextPacket() {
        return take(packets);
    }

    Drop nextDrop() {
        return take(drops);
    }

    Conversation nextAccepted() {
        return take(accepted);
    }

    CompletableFuture<@Nullable Throwable> send(InetSocketAddress to, byte[] packet) {
        CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
        transport
                .eventLoop()
                .execute(() -> transport.sendPacket(Recipient.at(to), packet, (nothing, failure) -> {
                    checkThread("packet completion");
                    outcome.complete(failure);
                }));
        return outcome;
    }

    Conversation dial(InetSocketAddress to) {
        return dial(to, TimeUnit.SECONDS.toNanos(TestTransports.SECONDS));
    }

    Conversation dial(InetSocketAddress to, long timeoutNanos) {
        return dial(to, timeoutNanos, new Conversation());
    }

    Conversation dial(InetSocketAddress to, long timeoutNanos, Conversation conversation) {
        transport.eventLoop().execute(() -> transport.openStream(Recipient.at(to), timeoutNanos, conversation));
        return conversation;
    }

    private void checkThread(String callback) {
        if (!transport.eventLoop().inEventLoop()) {
            offences.add(callback + " on " + Thread.currentThread().getName());
        }
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(TestTransports.SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("nothing arrived in time").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One side of a stream. */
    class Conversation implements StreamHandler {
        final CompletableFuture<Stream> opened = new CompletableFuture<>();
        final CompletableFuture<Outcome> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int wanted = Integer.MAX_VALUE;
        private final CompletableFuture<byte[]> enough = new CompletableFuture<>();

        /** How it ended; null for an orderly end. */
        record Outcome(@Nullable Throwable failure, byte[] received) {}

        @Override
        public void opened(Stream stream) {
            checkThread("opened");
            offendIf(closed.isDone() || !opened.complete(stream), "opened late or twice");
        }

        @Override
        public void received(byte[] piece) {
            checkThread("received");
            offendIf(!opened.isDone() || closed.isDone(), "received when not open");
            bytes.writeBytes(piece);
            checkEnough();
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            checkThread("closed");
            offendIf(!closed.complete(new Outcome(failure, bytes.toByteArray())), "closed twice");
        }

        byte[] receive(int count) {
            transport.eventLoop().execute(() -> {
                wanted = count;
                checkEnough();
            });
            return TestTransports.get(enough);
        }

        CompletableFuture<@Nullable Throwable> send(byte[] message) {
            Stream stream = TestTransports.get(opened);
            CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
            transport
                    .eventLoop()
                    .execute(() -> stream.send(message, (nothing, failure) -> {
                        checkThread("stream completion");
                        offendIf(closed.isDone() && failure == null, "completed after closed");
                        outcome.complete(failure);
                    }));
            return outcome;
        }

        void close() {
            Stream stream = TestTransports.get(opened);
            transport.eventLoop().execute(stream::close);
        }

        Outcome outcome() {
            return TestTransports.get(closed);
        }

        private void checkEnough() {
            if (bytes.size() >= wanted) {
                enough.complete(bytes.toByteArray());
            }
        }

        private void offendIf(boolean wrong, String what) {
            if (wrong) {
                offences.add(what);
            }
        }
    }
}
