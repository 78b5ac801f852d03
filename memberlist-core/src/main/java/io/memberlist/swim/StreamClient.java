package io.memberlist.swim;

import io.memberlist.logging.LogText;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens streams to others: one message out, and one answer back where one is due. */
final class StreamClient {
    /** Above that compressing takes longer than sending. */
    private static final int COMPRESSED_BYTES = 64 * 1024;

    private final Context context;
    private final Transport transport;
    private final StreamWork work;
    private final Labels labels;
    private final Consumer<Recipient> failed;

    /** @param failed called with the other side of each stream that could not be opened, broke, or came to its timeout */
    StreamClient(Context context, Transport transport, StreamWork work, Labels labels, Consumer<Recipient> failed) {
        this.context = context;
        this.transport = transport;
        this.work = work;
        this.labels = labels;
        this.failed = failed;
    }

    /**
     * Sends a message and waits for the answer.
     *
     * @param timeoutNanos how long connecting, and then getting the answer, may take
     * @return to give up before the end
     */
    Cancellable exchange(Recipient to, Message request, long timeoutNanos, Completion<Message> outcome) {
        return start(to, request, timeoutNanos, Until.ANSWERED, outcome);
    }

    /**
     * Asks whether a member lives at an address: only the member of that name answers.
     *
     * @param member with its name
     * @param timeoutNanos how long connecting, and then getting the ack, may take
     * @param completion notified of the ack, or of the failure if something else or nothing comes
     * @return to give up before the end
     */
    Cancellable ping(Recipient member, long timeoutNanos, Completion<Void> completion) {
        String name = Objects.requireNonNull(member.name(), "a ping names the member that shall answer");
        return exchange(member, new Ping(0, name, context.source()), timeoutNanos, (answer, failure) -> {
            boolean otherAnswer = failure == null && !(answer instanceof Ack);
            completion.done(
                    null,
                    otherAnswer
                            ? new TransportException("'" + name + "' is not at " + Addresses.text(member.address()))
                            : failure);
        });
    }

    /**
     * Sends a user message within the time-out of streams.
     *
     * @param completion notified when the network has it
     * @throws MemberlistException if it is above the limit
     */
    void sendUser(Recipient to, byte[] message, Completion<Void> completion) {
        sendUser(to, message, Until.SENT, completion);
    }

    /**
     * Sends a user message within the time-out of streams, and waits until the other side has it, which closes the stream
     * then, as the Go library does too. A sender that waits for that before the next message never overruns a slow receiver.
     * A large message is not compressed.
     *
     * @param completion notified when the other side has it
     * @throws MemberlistException if it is above the limit
     */
    void deliverUser(Recipient to, byte[] message, Completion<Void> completion) {
        sendUser(to, message, Until.TAKEN, completion);
    }

    private void sendUser(Recipient to, byte[] message, Until until, Completion<Void> completion) {
        int max = context.config().limits().userMessageSize();
        if (message.length > max) {
            throw new MemberlistException("a message of " + message.length + " bytes is above the limit of " + max
                    + ": split it, or raise " + context.config().settingName("limits.userMessageSize")
                    + " at every member");
        }
        UserMessage user = new UserMessage(message);
        start(to, user, context.streamTimeoutNanos(), until, (none, failure) -> completion.done(null, failure));
    }

    private Cancellable start(
            Recipient to, Message request, long timeoutNanos, Until until, Completion<Message> outcome) {
        Exchange exchange = new Exchange(to, request, timeoutNanos, until, outcome);
        if (timeoutNanos <= 0) {
            exchange.finish(null, exchange.failure("no time left to reach ", ""));
        } else if (to.name() == null && context.config().network().requireNodeNames()) {
            exchange.finish(null, Addresses.noName(to.address(), context.config()));
        } else {
            context.counters().streamsOpened.increment();
            transport.openStream(to, timeoutNanos, exchange);
        }
        return exchange;
    }

    /** What ends an exchange. */
    private enum Until {
        /** The network has the request. */
        SENT,
        /** The other side has the request, and closes the stream. */
        TAKEN,
        /** The other side has answered. */
        ANSWERED
    }

    /**
     * The states of an exchange, which only go forward. A failure, the timeout and {@link Exchange#cancel} lead from each
     * of them to OVER.
     *
     * <pre>
     *   CONNECTING --opened--> SENDING --sent--> SENT --answer complete--> DECODING --decoded--> OVER
     *                             |                                           ^
     *                             +----answer complete before that------------+
     * </pre>
     */
    private enum State {
        CONNECTING,
        SENDING,
        SENT,
        DECODING,
        OVER
    }

    /** An operation that has begun. */
    @FunctionalInterface
    interface Cancellable {
        /** Gives up. The operation fails then, unless it is over. */
        void cancel();

        /** Gives up, unless the other side may have received something already. */
        default void cancelUnlessSent() {
            cancel();
        }
    }

    private final class Exchange implements StreamHandler, Cancellable {
        private final Recipient to;
        private final Message request;
        private final long timeoutNanos;
        private final Until until;
        private final Completion<Message> outcome;
        private final StreamCodec codec;
        private final StreamDecoder decoder;
        private EventLoop.Timer timeout = () -> {};
        private @Nullable Stream stream;
        private State state = State.CONNECTING;

        Exchange(Recipient to, Message request, long timeoutNanos, Until until, Completion<Message> outcome) {
            this.to = to;
            this.request = request;
            this.timeoutNanos = timeoutNanos;
            this.until = until;
            this.outcome = outcome;
            this.codec = labels.forStream(to.address());
            this.decoder = codec.answerDecoder();
        }

        @Override
        public void opened(Stream opened) {
            stream = opened;
            if (state == State.OVER) {
                opened.close();
                return;
            }
            enter(State.SENDING);
            timeout = context.loop().schedule(timeoutNanos, this::late);
            boolean large = until == Until.TAKEN
                    && request instanceof UserMessage user
                    && user.payload().length > COMPRESSED_BYTES;
            boolean plain = large || context.stalls().isLate();
            work.encode(request, plain ? codec::encodeUncompressedRequest : codec::encodeRequest, this::encoded);
        }

        private void enter(State next) {
            if (next.compareTo(state) <= 0) {
                throw new IllegalStateException("an exchange cannot become " + next + " after " + state);
            }
            state = next;
        }

        private void encoded(byte @Nullable [] bytes, @Nullable Throwable failure) {
            if (bytes == null) {
                finish(null, failure);
            } else if (state != State.OVER && stream != null) {
                context.counters().streamBytesSent.add(bytes.length);
                stream.send(bytes, this::sent);
            }
        }

        private void late() {
            String what = until == Until.ANSWERED ? "no answer from " : "nothing was taken by ";
            streamFailed();
            String howLong = " within " + timeoutNanos / 1_000_000 + " ms";
            finish(null, new NoAnswerException("timeout: " + what + Addresses.text(to.address()) + howLong));
        }

        private void streamFailed() {
            if (state != State.OVER) {
                context.counters().streamsFailed.increment();
                failed.accept(to);
            }
        }

        private TransportException failure(String before, String after) {
            return new TransportException(before + Addresses.text(to.address()) + after);
        }

        private void sent(@Nullable Void nothing, @Nullable Throwable failure) {
            if (failure != null) {
                finish(null, failure);
            } else if (until == Until.SENT) {
                finish(null, null);
            } else if (state == State.SENDING) {
                enter(State.SENT);
            }
        }

        @Override
        public void received(byte[] bytes) {
            context.counters().streamBytesReceived.add(bytes.length);
            if (state == State.DECODING || state == State.OVER) {
                return;
            }
            boolean complete;
            try {
                complete = decoder.feed(bytes);
            } catch (WireException e) {
                finish(null, unreadable(e));
                return;
            }
            if (complete) {
                enter(State.DECODING);
                work.decode(decoder, this::decoded);
            }
        }

        private void decoded(@Nullable Message answer, @Nullable Throwable failure) {
            Throwable why = failure instanceof WireException fault ? unreadable(fault) : failure;
            if (until == Until.TAKEN) {
                refused(answer, why);
            } else {
                finish(answer, why);
            }
        }

        private TransportException unreadable(WireException fault) {
            return failure("cannot read the answer of ", ": " + Remedies.of(fault, context.config()));
        }

        /** A receiver that takes a message which needs no answer closes the stream, and answers only with an error. */
        private void refused(@Nullable Message answer, @Nullable Throwable failure) {
            String why = answer instanceof ErrorMessage error
                    ? LogText.printable(error.error())
                    : "an answer where none was due";
            finish(
                    null,
                    failure != null
                            ? failure
                            : failure("remote error from ", ": " + Remedies.ofRemote(why, context.config())));
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            if (failure != null) {
                streamFailed();
            }
            if (failure == null && state == State.SENT && until == Until.TAKEN) {
                finish(null, null);
            } else if (state != State.DECODING) {
                // An answer that is complete counts, although the stream has ended before it is decoded.
                finish(
                        null,
                        failure != null
                                ? failure
                                : failure(
                                        "",
                                        " closed the stream without an answer: "
                                                + Remedies.ofSilence(context.config())));
            }
        }

        @Override
        public void cancel() {
            finish(null, failure("gave up on ", ""));
        }

        @Override
        public void cancelUnlessSent() {
            if (state == State.CONNECTING) {
                cancel();
            }
        }

        private void finish(@Nullable Message answer, @Nullable Throwable failure) {
            if (state == State.OVER) {
                return;
            }
            enter(State.OVER);
            timeout.cancel();
            if (stream != null) {
                stream.close();
            }
            outcome.done(answer, failure);
        }
    }
}
