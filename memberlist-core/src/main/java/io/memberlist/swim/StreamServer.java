package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves the streams that others open: one message in, and one answer out where one is due. */
final class StreamServer {
    /** All streams together may hold as much unfinished as this many of the largest messages; one address, half. */
    private static final int BUDGET_MESSAGES = 2;

    /** About what a member in a push/pull takes, with its name and address. */
    private static final int NODE_BYTES = 200;

    private static final byte[] NO_PAYLOAD = new byte[0];

    private final Context context;
    private final StreamWork work;
    private final Labels labels;
    private final StateServer stateServer;
    private final Pinger pinger;
    private final AddressQuota buffered;

    StreamServer(Context context, StreamWork work, Labels labels, StateServer stateServer, Pinger pinger) {
        this.context = context;
        this.work = work;
        this.labels = labels;
        this.stateServer = stateServer;
        this.pinger = pinger;
        this.buffered = new AddressQuota(
                BUDGET_MESSAGES * (long) context.config().limits().decompressedSize());
    }

    StreamHandler accept(InetSocketAddress from) {
        context.log().debug("Stream connection from={}", Addresses.text(from));
        context.counters().streamsAccepted.increment();
        return new Accepted(from);
    }

    /** {@return about how many bytes a message holds} */
    private static long size(Message message) {
        if (message instanceof PushPull state) {
            return state.userState().length + (long) state.nodes().size() * NODE_BYTES;
        }
        return message instanceof UserMessage user ? user.payload().length : 0;
    }

    /** The states of a stream, which only go forward. */
    private enum State {
        /** The message is not complete yet; what has come counts against the budget. */
        RECEIVING,
        /** The message is complete and being decoded. A worker may hold its bytes, whatever becomes of the stream. */
        DECODING,
        /** The message is being handled or answered, and counts against the budget. */
        COMPLETE,
        /** Nothing happens any more. */
        OVER
    }

    private final class Accepted implements StreamHandler {
        private final InetSocketAddress from;
        private final RequestReader request = new RequestReader(labels);
        private EventLoop.Timer timeout = () -> {};
        private @Nullable Stream stream;
        private long reserved;
        private State state = State.RECEIVING;

        Accepted(InetSocketAddress from) {
            this.from = from;
        }

        @Override
        public void opened(Stream opened) {
            stream = opened;
            if (context.allows(from.getAddress())) {
                giveTime();
            } else {
                drop(DropReason.NOT_ALLOWED, LogEvent.STREAM_BLOCKED);
            }
        }

        @Override
        public void received(byte[] bytes) {
            context.counters().streamBytesReceived.add(bytes.length);
            if (state != State.RECEIVING) {
                return;
            }
            if (!buffered.tryAcquire(from.getAddress(), bytes.length)) {
                drop(DropReason.TOO_LARGE, LogEvent.STREAM_MEMORY, buffered.used());
                return;
            }
            reserved += bytes.length;
            try {
                StreamDecoder whole = request.feed(bytes);
                if (whole != null) {
                    state = State.DECODING;
                    work.decode(whole, this::decoded);
                }
            } catch (WireException e) {
                refuse(e);
            }
        }

        private void decoded(@Nullable Message message, @Nullable Throwable failure) {
            long received = reserved;
            letGo();
            boolean over = state == State.OVER;
            state = over ? State.OVER : State.COMPLETE;
            if (message == null) {
                refuse(failure);
            } else if (over) {
                return; // it came too late
            } else if (hold(size(message))) {
                handle(message, received);
            } else {
                drop(DropReason.TOO_LARGE, LogEvent.STREAM_MEMORY, buffered.used());
            }
        }

        /** {@return whether the budget has room for a decoded message, which is held until its answer has been read} */
        private boolean hold(long bytes) {
            boolean room = buffered.tryAcquire(from.getAddress(), bytes);
            reserved = room ? bytes : 0;
            return room;
        }

        /** Gives back what this stream has of the budget, and the bytes with it: the other side may keep the socket open. */
        private void letGo() {
            request.forgetBytes();
            buffered.release(from.getAddress(), reserved);
            reserved = 0;
        }

        private void handle(Message message, long received) {
            if (message instanceof UserMessage user) {
                context.userMessages().stream(user.payload());
            }
            if (message instanceof UserMessage || stream == null) {
                // Where the other side has closed the stream, there is no way to answer.
                end();
                return;
            }
            // What was asked is there; answering gets the same time again.
            giveTime();
            if (message instanceof PushPull remote) {
                stateServer.serve(new PushPullFrom(Teller.unasked(from.getAddress(), received), remote));
            } else if (!(message instanceof Ping ping)) {
                String type = message.getClass().getSimpleName();
                drop(DropReason.UNSUPPORTED, LogEvent.STREAM_TYPE, type);
            } else if (pinger.isForMe(ping)) {
                answer(new Ack(ping.sequence(), NO_PAYLOAD), (nothing, failure) -> end());
            } else {
                drop(DropReason.WRONG_NODE, LogEvent.STREAM_PING_FOR_ANOTHER, ping.node());
            }
        }

        private void answer(Message answer, Completion<Void> completion) {
            work.encode(answer, encoder(request.answering()), (bytes, failure) -> send(bytes, failure, completion));
        }

        /** Compresses only while there is time for it. */
        private Function<Message, byte[]> encoder(StreamCodec codec) {
            return context.stalls().isLate() ? codec::encodeUncompressedAnswer : codec::encodeAnswer;
        }

        private void send(byte @Nullable [] bytes, @Nullable Throwable failure, Completion<Void> completion) {
            if (bytes != null && stream != null && state != State.OVER) {
                context.counters().streamBytesSent.add(bytes.length);
                stream.send(bytes, completion);
            } else {
                completion.done(null, failure);
            }
        }

        /** Tells the other side what is wrong with its message, as the Go library does, unless the label is. */
        private void refuse(@Nullable Throwable failure) {
            if (!(failure instanceof WireException fault)) {
                drop(DropReason.MALFORMED, LogEvent.STREAM_REFUSED, failure);
                return;
            }
            context.dropped(
                    WireFaults.reason(fault), LogEvent.STREAM_REFUSED, from, Remedies.of(fault, context.config()));
            if (state == State.OVER || fault.reason() == WireException.Reason.LABEL) {
                end();
                return;
            }
            letGo();
            state = State.COMPLETE;
            giveTime();
            answer(new ErrorMessage(String.valueOf(fault.getMessage())), (nothing, sent) -> end());
        }

        private void drop(DropReason reason, LogEvent event, @Nullable Object... more) {
            context.dropped(reason, event, from, more);
            end();
        }

        private void giveTime() {
            timeout.cancel();
            timeout = context.loop().schedule(context.streamTimeoutNanos(), this::late);
        }

        private void late() {
            long millis = context.streamTimeoutNanos() / 1_000_000;
            drop(DropReason.STREAM_TIMEOUT, LogEvent.STREAM_LATE, millis, request.bufferedBytes());
        }

        private void end() {
            if (state != State.DECODING) {
                letGo();
            }
            state = State.OVER;
            timeout.cancel();
            if (stream != null) {
                stream.close();
            }
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            timeout.cancel();
            stream = null;
            // Whoever sends a user message closes at once. A complete message counts, although it may still be being
            // decoded.
            if (state == State.RECEIVING && request.bufferedBytes() > 0) {
                drop(DropReason.STREAM_BROKEN, LogEvent.STREAM_BROKEN, request.bufferedBytes());
            } else if (state == State.RECEIVING) {
                end();
            }
        }

        /** The push/pull that came by this stream. */
        private final class PushPullFrom implements PushPullRequest {
            private final Teller teller;
            private final PushPull remote;

            PushPullFrom(Teller teller, PushPull remote) {
                this.teller = teller;
                this.remote = remote;
            }

            @Override
            public Teller teller() {
                return teller;
            }

            @Override
            public PushPull state() {
                return remote;
            }

            @Override
            public void answer(Message answer, Completion<Void> completion) {
                Accepted.this.answer(answer, completion);
            }

            @Override
            public void encode(SharedState answer, Completion<byte[]> then) {
                StreamCodec codec = request.answering();
                answer.encode(work, codec, encoder(codec), then);
            }

            @Override
            public void send(byte[] answer, Completion<Void> completion) {
                Accepted.this.send(answer, null, completion);
            }

            @Override
            public void end() {
                Accepted.this.end();
            }
        }
    }
}
