package io.memberlist.transport.netty;

import io.memberlist.transport.EventLoop.Timer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One question to one name server, over a socket of its own that is closed with the outcome. Used on the loop. */
final class DnsExchange extends SimpleChannelInboundHandler<DnsResponse> {
    /** Over UDP only the query's number and the socket's port tell an answer from a forgery, so neither may be guessed. */
    private static final SecureRandom IDS = new SecureRandom();

    private final InetSocketAddress server;
    private final DnsQuestion question;
    private final Protocol protocol;
    private final int id = IDS.nextInt(1 << 16);
    private final CompletableFuture<DnsAnswer> result = new CompletableFuture<>();

    DnsExchange(InetSocketAddress server, DnsQuestion question, Protocol protocol) {
        this.server = server;
        this.question = question;
        this.protocol = protocol;
    }

    enum Protocol {
        UDP,
        TCP
    }

    /**
     * {@return the answer, which may be that there are no such records, or a failure that names the server} Completing the
     * future otherwise ends the exchange.
     *
     * @param channel a new channel of the protocol
     */
    CompletableFuture<DnsAnswer> run(Channel channel, NettyEventLoop loop, long timeoutNanos) {
        Timer limit = loop.schedule(
                timeoutNanos,
                () -> fail("no answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms", null));
        result.whenComplete((answer, failure) -> {
            limit.cancel();
            channel.close();
        });
        if (protocol == Protocol.TCP) {
            channel.pipeline().addLast(new TcpDnsQueryEncoder(), new TcpDnsResponseDecoder(), this);
        } else {
            channel.pipeline().addLast(new DatagramDnsQueryEncoder(), new DatagramDnsResponseDecoder(), this);
        }
        // Connecting a packet socket makes the kernel drop what others send, and report a port that is closed.
        loop.netty()
                .register(channel)
                .addListener(then(() -> channel.connect(server)
                        .addListener(then(() -> channel.writeAndFlush(query()).addListener(then(() -> {}))))));
        return result;
    }

    private ChannelFutureListener then(Runnable next) {
        return done -> {
            if (done.isSuccess()) {
                next.run();
            } else {
                fail(Failures.reason(done.cause()), done.cause());
            }
        };
    }

    private DnsQuery query() {
        DnsQuery query = protocol == Protocol.TCP ? new DefaultDnsQuery(id) : new DatagramDnsQuery(null, server, id);
        return query.setRecursionDesired(true).setRecord(DnsSection.QUESTION, question);
    }

    /** Passes over the answer to another question: it may be forged, and the right one may still come. */
    @Override
    protected void channelRead0(ChannelHandlerContext context, DnsResponse response) {
        if (response.id() != id || !answersTheQuestion(response)) {
            return;
        }
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NOERROR) || code.equals(DnsResponseCode.NXDOMAIN)) {
            result.complete(DnsAnswer.of(server, response));
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
        if (!result.isDone()) {
            result.completeExceptionally(Failures.nameServer(server, question, protocol, reason, cause));
        }
    }
}
