package io.memberlist.transport.netty;

import io.memberlist.transport.Causes;
import io.memberlist.transport.netty.DnsExchange.Protocol;
import io.netty.channel.Channel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks name servers for one look-up, and is closed with it. Used on the loop. */
final class DnsClient {
    private static final Logger log = LoggerFactory.getLogger(DnsClient.class);

    /** Packets get lost, so each server is asked twice, as the C library does. */
    private static final int ROUNDS = 2;

    /** Most name servers follow aliases themselves; some leave the rest of the way to the client. */
    private static final int MAX_ALIASES = 8;

    private static final int MAX_NAME_BYTES = 253;

    private final IoBackend io;
    private final NettyEventLoop loop;
    private final Consumer<Channel> opened;
    private final long deadlineNanos;
    private final Set<CompletableFuture<DnsAnswer>> running = new LinkedHashSet<>();
    private boolean closed;

    /**
     * @param opened is given every new socket; the client closes all of them
     * @param deadlineNanos on the loop's clock, for all queries together
     */
    DnsClient(IoBackend io, NettyEventLoop loop, Consumer<Channel> opened, long deadlineNanos) {
        this.io = io;
        this.loop = loop;
        this.opened = opened;
        this.deadlineNanos = deadlineNanos;
    }

    /** Ends all exchanges, and refuses further ones. */
    void close() {
        closed = true;
        List.copyOf(running).forEach(exchange -> exchange.cancel(false));
    }

    /** {@return how much is left of the time for all queries} */
    long remainingNanos() {
        return Math.max(0, deadlineNanos - loop.nanoTime());
    }

    /**
     * Asks one server after the other until one knows whether there are such records, each for an equal share of the time
     * that is left: over UDP, and over TCP if the answer is too long for a packet.
     */
    CompletableFuture<DnsAnswer> query(NameServers servers, String name, DnsRecordType type) {
        return query(servers, name, type, MAX_ALIASES);
    }

    private CompletableFuture<DnsAnswer> query(NameServers servers, String name, DnsRecordType type, int aliases) {
        return withQuestion(name, type, question -> attempt(servers.addresses(), question, 0))
                .thenCompose(answer -> {
                    String alias = answer.alias();
                    return answer.isEmpty() && alias != null && aliases > 0
                            ? query(servers, alias, type, aliases - 1)
                            : CompletableFuture.completedFuture(answer);
                });
    }

    private CompletableFuture<DnsAnswer> attempt(List<InetSocketAddress> servers, DnsQuestion question, int attempt) {
        InetSocketAddress server = servers.get(attempt % servers.size());
        int left = servers.size() * ROUNDS - attempt;
        long until = loop.nanoTime() + remainingNanos() / left;
        return exchange(server, question, Protocol.UDP, until)
                .thenCompose(answer -> answer.truncated()
                        ? exchange(server, question, Protocol.TCP, until)
                        : CompletableFuture.completedFuture(answer))
                .exceptionallyCompose(failure -> {
                    if (left == 1 || closed) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    log.debug("{}", Causes.unwrap(failure).getMessage());
                    return attempt(servers, question, attempt + 1);
                });
    }

    /** {@return the addresses of the A and then of the AAAA records; none only if the servers know of neither} */
    CompletableFuture<DnsAnswer> addresses(NameServers servers, String name) {
        return both(type -> query(servers, name, type));
    }

    /** As {@link #addresses}, from one server over TCP, in one attempt. */
    CompletableFuture<DnsAnswer> addressesOverTcp(InetSocketAddress server, String name, long timeoutNanos) {
        long until = loop.nanoTime() + Math.min(timeoutNanos, remainingNanos());
        return both(type -> withQuestion(name, type, question -> exchange(server, question, Protocol.TCP, until)));
    }

    /** Asks for both kinds of addresses. One kind is enough if the other cannot be had. */
    private static CompletableFuture<DnsAnswer> both(Function<DnsRecordType, CompletableFuture<DnsAnswer>> ask) {
        CompletableFuture<DnsAnswer> v4 = ask.apply(DnsRecordType.A);
        CompletableFuture<DnsAnswer> v6 = ask.apply(DnsRecordType.AAAA);
        return v4.thenCombine(v6, DnsAnswer::plus)
                .exceptionallyCompose(failure ->
                        hasAddresses(v4) ? v4 : hasAddresses(v6) ? v6 : CompletableFuture.failedFuture(failure));
    }

    private static boolean hasAddresses(CompletableFuture<DnsAnswer> answer) {
        return !answer.isCompletedExceptionally() && !answer.join().isEmpty();
    }

    private CompletableFuture<DnsAnswer> exchange(
            InetSocketAddress server, DnsQuestion question, Protocol protocol, long untilNanos) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    Failures.nameServer(server, question, protocol, "the look-up was given up", null));
        }
        Channel channel;
        try {
            channel = protocol == Protocol.TCP ? io.newStreamChannel() : io.newPacketChannel();
        } catch (RuntimeException e) {
            // The process is out of file descriptors.
            return CompletableFuture.failedFuture(
                    Failures.nameServer(server, question, protocol, Failures.reason(e), e));
        }
        opened.accept(channel);
        CompletableFuture<DnsAnswer> answer = new DnsExchange(server, question, protocol)
                .run(channel, loop, Math.max(0, untilNanos - loop.nanoTime()));
        running.add(answer);
        answer.whenComplete((value, failure) -> running.remove(answer));
        return answer;
    }

    private static CompletableFuture<DnsAnswer> withQuestion(
            String name, DnsRecordType type, Function<DnsQuestion, CompletableFuture<DnsAnswer>> ask) {
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
}
