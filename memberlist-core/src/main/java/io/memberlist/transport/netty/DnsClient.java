package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.NettyEventLoop.completion;

import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop.Timer;
import io.memberlist.transport.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks name servers for one look-up, and is closed with it. Used on the loop. */
final class DnsClient {
    private static final Logger log = LoggerFactory.getLogger(DnsClient.class);

    /** Over UDP only the query's number and the socket's port tell an answer from a forgery, so neither may be guessed. */
    private static final SecureRandom IDS = new SecureRandom();

    /** Most name servers follow aliases themselves; some leave the rest of the way to the client. */
    private static final int MAX_ALIASES = 8;

    /** A hostile server may send thousands. */
    static final int MAX_ADDRESSES = 1024;

    private static final int MAX_NAME_BYTES = 253;
    private static final int SRV_FIXED_BYTES = 6;

    private final IoBackend io;
    private final NettyEventLoop loop;
    private final DnsMemory memory;
    private final Consumer<Channel> opened;
    private final long deadlineNanos;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * @param opened is given every new socket; the client closes all of them
     * @param deadlineNanos on the loop's clock, for all queries together
     */
    DnsClient(IoBackend io, NettyEventLoop loop, DnsMemory memory, Consumer<Channel> opened, long deadlineNanos) {
        this.io = io;
        this.loop = loop;
        this.memory = memory;
        this.opened = opened;
        this.deadlineNanos = deadlineNanos;
    }

    private enum Protocol {
        UDP,
        TCP
    }

    /** Ends all exchanges, and refuses further ones. */
    void close() {
        closed.complete(null);
    }

    /** {@return how much is left of the time for all queries} */
    long remainingNanos() {
        return Math.max(0, deadlineNanos - loop.nanoTime());
    }

    /**
     * Asks one server after the other until one knows whether there are such records: over UDP, and over TCP if the answer
     * is too long for a packet.
     *
     * @param untilNanos on the loop's clock; each attempt gets an equal share of the time until then
     */
    CompletableFuture<Answer> query(NameServers servers, String name, DnsRecordType type, long untilNanos) {
        return query(servers, name, type, untilNanos, MAX_ALIASES);
    }

    private CompletableFuture<Answer> query(
            NameServers servers, String name, DnsRecordType type, long untilNanos, int aliases) {
        return withQuestion(name, type, question -> new Attempts(servers, question, untilNanos).next())
                .thenCompose(answer -> {
                    memory.heard(answer.server(), type);
                    String alias = answer.alias();
                    return answer.isEmpty() && alias != null && aliases > 0
                            ? query(servers, alias, type, untilNanos, aliases - 1)
                            : CompletableFuture.completedFuture(answer);
                });
    }

    /** The attempts to have one question answered. */
    private final class Attempts {
        private final List<InetSocketAddress> order;
        private final DnsOptions options;
        private final DnsQuestion question;
        private final long untilNanos;
        private int made;

        Attempts(NameServers servers, DnsQuestion question, long untilNanos) {
            this.order = memory.order(servers);
            this.options = servers.options();
            this.question = question;
            this.untilNanos = untilNanos;
        }

        CompletableFuture<Answer> next() {
            InetSocketAddress server = order.get(made % order.size());
            int left = order.size() * options.attempts() - made;
            made++;
            long now = loop.nanoTime();
            long until = now + Math.min(options.timeoutNanos(), Math.max(0, untilNanos - now) / left);
            return exchange(server, question, options.useTcp() ? Protocol.TCP : Protocol.UDP, until)
                    .thenCompose(answer -> answer.truncated() && !options.useTcp()
                            ? exchange(server, question, Protocol.TCP, until)
                            : CompletableFuture.completedFuture(answer))
                    .exceptionallyCompose(failure -> {
                        if (left == 1 || closed.isDone()) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        log.debug("{}", Causes.unwrap(failure).getMessage());
                        return next();
                    });
        }
    }

    /** {@return the addresses of the A and then of the AAAA records; none only if the servers know of neither} */
    CompletableFuture<Answer> addresses(NameServers servers, String name, long untilNanos) {
        return both(servers.options(), type -> query(servers, name, type, untilNanos));
    }

    /** As {@link #addresses}, from one server over TCP, in one attempt. */
    CompletableFuture<Answer> addressesOverTcp(NameServers servers, String name, long timeoutNanos) {
        InetSocketAddress server = memory.order(servers).get(0);
        long until = loop.nanoTime() + Math.min(timeoutNanos, remainingNanos());
        return both(
                servers.options(),
                type -> withQuestion(name, type, question -> exchange(server, question, Protocol.TCP, until)));
    }

    /** Asks for both kinds of addresses. One kind is enough if the other cannot be had, or not soon after. */
    private CompletableFuture<Answer> both(DnsOptions options, Function<DnsRecordType, CompletableFuture<Answer>> ask) {
        CompletableFuture<Answer> v4 = ask.apply(DnsRecordType.A);
        if (options.withoutAaaa()) {
            return v4;
        }
        CompletableFuture<Answer> v6 = options.oneAtATime()
                ? v4.handle((answer, failure) -> null).thenCompose(done -> ask.apply(DnsRecordType.AAAA))
                : ask.apply(DnsRecordType.AAAA);
        awaitNotForLong(v6, DnsRecordType.AAAA, v4);
        awaitNotForLong(v4, DnsRecordType.A, v6);
        return v4.thenCombine(v6, Answer::plus).exceptionallyCompose(failure -> {
            CompletableFuture<Answer> other = v4.isCompletedExceptionally() ? v6 : v4;
            return other.isCompletedExceptionally() || other.join().isEmpty()
                    ? CompletableFuture.failedFuture(failure)
                    : other;
        });
    }

    /** Fails an answer that does not come soon after the other one. If that has no records, this one gets all its time. */
    private void awaitNotForLong(
            CompletableFuture<Answer> awaited, DnsRecordType type, CompletableFuture<Answer> other) {
        other.whenComplete((answer, failure) -> {
            boolean none = answer != null && answer.isEmpty() && answer.code().equals(DnsResponseCode.NOERROR);
            if (awaited.isDone() || none) {
                return;
            }
            long patience = memory.patienceNanos(type, answer != null && !answer.isEmpty());
            Timer limit = loop.schedule(patience, () -> {
                memory.notHeard(type);
                awaited.completeExceptionally(
                        new TransportException("nobody answered for its " + type.name() + " records"));
            });
            awaited.whenComplete((late, lateFailure) -> limit.cancel());
        });
    }

    private static CompletableFuture<Answer> withQuestion(
            String name, DnsRecordType type, Function<DnsQuestion, CompletableFuture<Answer>> ask) {
        DnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name, type);
            if (question.name().length() > MAX_NAME_BYTES + 1) {
                throw new IllegalArgumentException("it is longer than " + MAX_NAME_BYTES + " bytes");
            }
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    Failures.resolve(name, "it is no domain name: " + Failures.reason(e), e));
        }
        return ask.apply(question);
    }

    private CompletableFuture<Answer> exchange(
            InetSocketAddress server, DnsQuestion question, Protocol protocol, long untilNanos) {
        Exchange exchange = new Exchange(server, question, protocol);
        if (closed.isDone()) {
            exchange.fail("the look-up was given up", null);
        } else {
            exchange.run(Math.max(0, untilNanos - loop.nanoTime()));
        }
        return exchange.result;
    }

    /** One question to one name server, over a socket of its own that is closed with the outcome. */
    private final class Exchange extends SimpleChannelInboundHandler<DnsResponse> {
        private final InetSocketAddress server;
        private final DnsQuestion question;
        private final Protocol protocol;
        private final int id = IDS.nextInt(1 << 16);

        /** The answer, which may be that there are no such records, or a failure that names the server. */
        private final CompletableFuture<Answer> result = new CompletableFuture<>();

        Exchange(InetSocketAddress server, DnsQuestion question, Protocol protocol) {
            this.server = server;
            this.question = question;
            this.protocol = protocol;
        }

        void run(long timeoutNanos) {
            boolean overTcp = protocol == Protocol.TCP;
            Channel channel;
            try {
                channel = (overTcp ? io.streamChannels : io.packetChannels).get();
            } catch (RuntimeException e) {
                // The process is out of file descriptors.
                fail(Failures.reason(e), e);
                return;
            }
            opened.accept(channel);
            Timer limit = loop.schedule(
                    timeoutNanos,
                    () -> fail("no answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms", null));
            result.whenComplete((answer, failure) -> {
                limit.cancel();
                channel.close();
            });
            closed.thenRun(() -> result.cancel(false));
            channel.pipeline()
                    .addLast(
                            overTcp ? new TcpDnsQueryEncoder() : new DatagramDnsQueryEncoder(),
                            overTcp ? new TcpDnsResponseDecoder() : new DatagramDnsResponseDecoder(),
                            this);
            DnsQuery query = overTcp ? new DefaultDnsQuery(id) : new DatagramDnsQuery(null, server, id);
            query.setRecursionDesired(true).setRecord(DnsSection.QUESTION, question);
            // Connecting a packet socket makes the kernel drop what others send, and report a port that is closed.
            completion(loop.netty().register(channel))
                    .thenCompose(registered -> completion(channel.connect(server)))
                    .thenCompose(connected -> completion(channel.writeAndFlush(query)))
                    .exceptionally(failure -> {
                        fail(Failures.reason(failure), Causes.unwrap(failure));
                        return null;
                    });
        }

        /** Passes over the answer to another question: it may be forged, and the right one may still come. */
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsResponse response) throws Exception {
            if (response.id() != id || !answersTheQuestion(response)) {
                return;
            }
            DnsResponseCode code = response.code();
            if (code.equals(DnsResponseCode.NOERROR) || code.equals(DnsResponseCode.NXDOMAIN)) {
                result.complete(Answer.of(server, response));
            } else {
                fail("it answered " + code, null);
            }
        }

        private boolean answersTheQuestion(DnsResponse response) {
            // A server that could not read the query has no question to repeat.
            if (response.count(DnsSection.QUESTION) == 0) {
                return true;
            }
            DnsRecord asked = response.recordAt(DnsSection.QUESTION);
            return asked.type().equals(question.type()) && asked.name().equalsIgnoreCase(question.name());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            String reason = cause instanceof DecoderException ? "its answer is malformed: " : "";
            fail(reason + Failures.reason(cause), cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail("it closed the connection without an answer", null);
        }

        private void fail(String reason, @Nullable Throwable cause) {
            result.completeExceptionally(new TransportException(
                    "name server " + Failures.text(server) + " was asked for the "
                            + question.type().name() + " records of '" + question.name() + "' over " + protocol + ": "
                            + reason,
                    cause));
        }
    }

    /** One SRV record (RFC 2782). The lowest priority is preferred, and among equal ones the greatest weight. */
    record Service(int priority, int weight, int port, String host) {}

    /**
     * The answer of a name server.
     *
     * @param truncated whether the answer was too long for a packet
     * @param addresses from A and AAAA records
     * @param services from SRV records
     * @param alias another name to ask for, from a CNAME record
     */
    record Answer(
            InetSocketAddress server,
            DnsResponseCode code,
            boolean truncated,
            List<InetAddress> addresses,
            List<Service> services,
            @Nullable String alias) {
        /** @throws CorruptedFrameException if a record does not have the form of its type */
        static Answer of(InetSocketAddress server, DnsResponse response) throws UnknownHostException {
            List<InetAddress> addresses = new ArrayList<>();
            List<Service> services = new ArrayList<>();
            String alias = null;
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
                if (!(record instanceof DnsRawRecord raw) || record.dnsClass() != DnsRecord.CLASS_IN) {
                    continue;
                }
                ByteBuf content = raw.content().duplicate();
                if (record.type().equals(DnsRecordType.A)) {
                    if (addresses.size() < MAX_ADDRESSES) {
                        addresses.add(address(content, 4));
                    }
                } else if (record.type().equals(DnsRecordType.AAAA)) {
                    if (addresses.size() < MAX_ADDRESSES) {
                        addresses.add(address(content, 16));
                    }
                } else if (record.type().equals(DnsRecordType.SRV)) {
                    services.add(service(content));
                } else if (record.type().equals(DnsRecordType.CNAME)) {
                    // The last alias of a chain is the one that leads on.
                    alias = DefaultDnsRecordDecoder.decodeName(content);
                }
            }
            return new Answer(server, response.code(), response.isTruncated(), addresses, services, alias);
        }

        private static InetAddress address(ByteBuf content, int length) throws UnknownHostException {
            if (content.readableBytes() != length) {
                throw new CorruptedFrameException(
                        "an address of " + content.readableBytes() + " bytes instead of " + length);
            }
            return InetAddress.getByAddress(ByteBufUtil.getBytes(content));
        }

        private static Service service(ByteBuf content) {
            if (content.readableBytes() <= SRV_FIXED_BYTES) {
                throw new CorruptedFrameException("an SRV record of " + content.readableBytes() + " bytes");
            }
            return new Service(
                    content.readUnsignedShort(),
                    content.readUnsignedShort(),
                    content.readUnsignedShort(),
                    DefaultDnsRecordDecoder.decodeName(content));
        }

        boolean isEmpty() {
            return addresses.isEmpty() && services.isEmpty();
        }

        /** {@return this answer with the addresses of another one behind its own} */
        Answer plus(Answer other) {
            List<InetAddress> all =
                    Stream.concat(addresses.stream(), other.addresses.stream()).toList();
            return new Answer(server, code, false, all, services, null);
        }
    }
}
