package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop.Timer;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.netty.DnsClient.Answer;
import io.memberlist.transport.netty.DnsClient.Service;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Finds the addresses of a host, or of one seed. Used on the loop. */
final class SeedResolver {
    private static final Logger log = LoggerFactory.getLogger(SeedResolver.class);
    private static final ThrottledLog throttled = new ThrottledLog(log);

    /** A name server that does not answer over TCP must leave time for the platform's resolver. */
    private static final long TCP_FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** After that time the name servers are asked beside the platform's resolver. */
    private static final long PLATFORM_ALONE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many records of a service are used. Any one of them leads to all members. */
    private static final int MAX_SERVICES = 256;

    /** How many hosts of a service are looked up at a time, with two sockets each. */
    private static final int HOSTS_AT_A_TIME = 4;

    private final SeedLookup seed;
    private final String dnsConfigPath;
    private final NettyEventLoop loop;
    private final DnsClient dns;
    private final CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
    private boolean askingBesidePlatform;

    /** @param dns asks the name servers, has the time limit of the look-up, and is closed with it */
    SeedResolver(SeedLookup seed, String dnsConfigPath, NettyEventLoop loop, DnsClient dns) {
        this.seed = seed;
        this.dnsConfigPath = dnsConfigPath;
        this.loop = loop;
        this.dns = dns;
    }

    /** {@return the addresses of the seed} Completing the future otherwise, for instance by cancelling it, ends the look-up. */
    CompletableFuture<List<InetSocketAddress>> run() {
        // Any thread may cancel, but the sockets belong to the loop.
        result.whenComplete((value, failure) -> loop.executeAlways(dns::close));
        CompletableFuture<List<InetSocketAddress>> found =
                isLiteral(seed.name()) ? fromPlatform() : nameServers().thenCompose(this::fromNameServers);
        found.whenComplete((addresses, failure) -> {
            if (failure == null) {
                result.complete(addresses.stream()
                        .distinct()
                        .limit(DnsClient.MAX_ADDRESSES)
                        .toList());
            } else {
                result.completeExceptionally(Causes.unwrap(failure));
            }
        });
        return result;
    }

    private CompletableFuture<List<InetSocketAddress>> fromPlatform() {
        CompletableFuture<List<InetAddress>> asked = fromPlatform(loop, seed.name());
        // What still waits for a thread then is not worth one.
        result.whenComplete((value, failure) -> asked.cancel(false));
        return limited(asked, "the platform's resolver gave no answer")
                .thenApply(found -> withPort(found, seed.port()));
    }

    /**
     * Asks the platform's resolver, and if that takes long, the name servers beside it: it may wait for the answer of one
     * family although it has that of the other.
     */
    private CompletableFuture<List<InetSocketAddress>> fromPlatformFirst(NameServers servers) {
        CompletableFuture<List<InetSocketAddress>> platform = fromPlatform();
        CompletableFuture<List<InetSocketAddress>> direct = new CompletableFuture<>();
        CompletableFuture<List<InetSocketAddress>> first = new CompletableFuture<>();
        Timer slow = loop.schedule(Math.min(PLATFORM_ALONE_NANOS, dns.remainingNanos() / 4), () -> {
            askingBesidePlatform = true;
            direct.thenAccept(first::complete);
            fromAddressRecords(servers).whenComplete((found, failure) -> {
                if (failure == null) {
                    direct.complete(found);
                } else {
                    direct.completeExceptionally(failure);
                }
            });
        });
        platform.whenComplete((found, failure) -> {
            slow.cancel();
            if (failure == null) {
                first.complete(found);
            } else if (askingBesidePlatform) {
                direct.exceptionally(unknown -> {
                    first.completeExceptionally(failure);
                    return List.of();
                });
            } else {
                first.completeExceptionally(failure);
            }
        });
        return first;
    }

    private CompletableFuture<NameServers> nameServers() {
        CompletableFuture<NameServers> read = new CompletableFuture<>();
        loop.<NameServers>offload(() -> NameServers.read(dnsConfigPath), (servers, failure) -> {
            if (servers != null) {
                read.complete(servers);
            } else {
                read.completeExceptionally(failed("cannot read " + dnsConfigPath + ": " + failure));
            }
        });
        return limited(read, dnsConfigPath + " could not be read");
    }

    /** Ends the look-up in time, although work on other threads cannot be stopped. */
    private <T> CompletableFuture<T> limited(CompletableFuture<T> future, String what) {
        Timer limit = loop.schedule(
                dns.remainingNanos(),
                () -> result.completeExceptionally(
                        failed(what + " in time; check the name servers, or give an IP address")));
        return future.whenComplete((value, failure) -> limit.cancel());
    }

    private CompletableFuture<List<InetSocketAddress>> fromNameServers(NameServers servers) {
        if (!servers.addresses().isEmpty()) {
            return switch (seed.kind()) {
                case HOST -> seed.name().indexOf('.') < 0 ? fromPlatformFirst(servers) : overTcpFirst(servers);
                case DNS -> fromAddressRecords(servers);
                case DNS_SRV -> fromServiceRecords(servers);
            };
        }
        return seed.kind() != SeedLookup.Kind.DNS_SRV
                ? fromPlatform()
                : CompletableFuture.failedFuture(failed("there is no name server to ask for SRV records in "
                        + dnsConfigPath + "; add a line with 'nameserver' to it, or give host:port"));
    }

    /** Asks over TCP as the Go library does: Consul cuts its answers over UDP short and does not say so. */
    private CompletableFuture<List<InetSocketAddress>> overTcpFirst(NameServers servers) {
        return dns.addressesOverTcp(servers, seed.name(), Math.min(TCP_FIRST_NANOS, dns.remainingNanos() / 2))
                .thenApply(Answer::addresses)
                .exceptionally(failure -> {
                    log.debug(
                            "Look-up of '{}' over TCP failed, asking the platform's resolver: {}",
                            seed.name(),
                            Causes.unwrap(failure).getMessage());
                    return List.of();
                })
                .thenCompose(addresses -> addresses.isEmpty()
                        ? fromPlatformFirst(servers)
                        : CompletableFuture.completedFuture(withPort(addresses, seed.port())));
    }

    private CompletableFuture<List<InetSocketAddress>> fromAddressRecords(NameServers servers) {
        return records(
                        "A or AAAA",
                        servers.fullNames(seed.name()),
                        (name, until) -> dns.addresses(servers, name, until))
                .thenApply(answer -> withPort(answer.addresses(), seed.port()));
    }

    private CompletableFuture<List<InetSocketAddress>> fromServiceRecords(NameServers servers) {
        List<String> names = servers.fullNames(seed.name());
        return records("SRV", names, (name, until) -> dns.query(servers, name, DnsRecordType.SRV, until))
                .thenCompose(answer -> {
                    // A lone "." says that the service is not offered here (RFC 2782).
                    List<Service> services = answer.services().stream()
                            .filter(service -> !service.host().equals("."))
                            .sorted(Comparator.comparingInt(Service::priority)
                                    .thenComparing(Service::weight, Comparator.reverseOrder()))
                            .limit(MAX_SERVICES)
                            .toList();
                    if (answer.services().size() > MAX_SERVICES) {
                        throttled.log(
                                Level.WARN,
                                seed,
                                "{} has {} SRV records; {} are used",
                                seed,
                                answer.services().size(),
                                MAX_SERVICES);
                    }
                    return services.isEmpty()
                            ? CompletableFuture.failedFuture(noRecords(answer, "SRV", names))
                            : addressesOf(services, servers);
                });
    }

    /** Asks name servers for the records of one name, until a moment on the loop's clock. */
    private interface Question {
        CompletableFuture<Answer> ask(String name, long untilNanos);
    }

    /**
     * Asks for one name after the other until one has records, each for an equal share of the time. As with the C library, a
     * failure concerns that name only: the servers of a search domain may be broken, and not those of the name itself.
     */
    private CompletableFuture<Answer> records(String kind, List<String> names, Question question) {
        return firstOf(names, question, null)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(notAsked(Causes.unwrap(failure))))
                .thenCompose(answer -> answer.isEmpty()
                        ? CompletableFuture.failedFuture(noRecords(answer, kind, names))
                        : CompletableFuture.completedFuture(answer));
    }

    /** @param before the failure of a name that was asked for before */
    private CompletableFuture<Answer> firstOf(List<String> names, Question question, @Nullable Throwable before) {
        long until = loop.nanoTime() + dns.remainingNanos() / names.size();
        List<String> others = names.subList(1, names.size());
        return question.ask(names.get(0), until)
                .handle((answer, failure) -> {
                    if (answer != null && !answer.isEmpty()) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    Throwable known = before != null ? before : failure;
                    if (!others.isEmpty()) {
                        return firstOf(others, question, known);
                    }
                    return answer == null || known != null
                            ? CompletableFuture.<Answer>failedFuture(known == null ? failure : known)
                            : CompletableFuture.completedFuture(answer);
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<List<InetSocketAddress>> addressesOf(List<Service> services, NameServers servers) {
        Map<String, List<InetAddress>> found = new HashMap<>();
        Map<String, String> reasons = new HashMap<>();
        Iterator<String> waiting =
                services.stream().map(Service::host).distinct().iterator();
        return CompletableFuture.allOf(Stream.generate(() -> lookUpHosts(waiting, servers, found, reasons))
                        .limit(HOSTS_AT_A_TIME)
                        .toArray(CompletableFuture<?>[]::new))
                .thenCompose(done -> {
                    List<InetSocketAddress> addresses = services.stream()
                            .flatMap(service ->
                                    withPort(found.getOrDefault(service.host(), List.of()), portOf(service)).stream())
                            .toList();
                    String first = services.get(0).host();
                    return addresses.isEmpty()
                            ? CompletableFuture.failedFuture(failed("none of the " + (found.size() + reasons.size())
                                    + " hosts in its SRV records can be joined; the first is '" + first + "': "
                                    + reasons.getOrDefault(first, "its port is 0")))
                            : CompletableFuture.completedFuture(addresses);
                });
    }

    /** Looks up hosts, one after the other, until none is left. A failure of one does not lose the addresses of another. */
    private CompletableFuture<Void> lookUpHosts(
            Iterator<String> waiting,
            NameServers servers,
            Map<String, List<InetAddress>> found,
            Map<String, String> reasons) {
        if (!waiting.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        String host = waiting.next();
        return records("A or AAAA", List.of(host), (name, until) -> dns.addresses(servers, name, until))
                .thenAccept(answer -> found.put(host, answer.addresses()))
                .exceptionally(failure -> {
                    String reason = Causes.unwrap(failure).getMessage();
                    log.debug("Passing over a host of {}: {}", seed, reason);
                    reasons.put(host, reason);
                    return null;
                })
                .thenCompose(done -> lookUpHosts(waiting, servers, found, reasons));
    }

    private int portOf(Service service) {
        return seed.port() == 0 ? service.port() : seed.port();
    }

    /** {@return the addresses at a port; none for port 0, as some SRV records have it, since nobody can be reached there} */
    private static List<InetSocketAddress> withPort(List<InetAddress> addresses, int port) {
        return port == 0
                ? List.of()
                : addresses.stream()
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
    }

    private TransportException noRecords(Answer answer, String kind, List<String> names) {
        return failed("name server " + Failures.text(answer.server()) + " has no " + kind + " records of "
                + String.join(", ", names) + " (" + answer.code() + "); check the name, or give host:port");
    }

    /** Adds the seed and the remedy to the failure of a name server. */
    private TransportException notAsked(Throwable cause) {
        return new TransportException(
                "cannot resolve '" + seed + "': " + cause.getMessage() + "; check the name and the name servers in "
                        + dnsConfigPath + ", or give host:port",
                cause);
    }

    private TransportException failed(String reason) {
        return new TransportException("cannot resolve '" + seed + "': " + reason);
    }

    /** {@return what the platform's resolver knows of a host, on threads of its own because it blocks; completed on the loop, or at once for an IP address} */
    static CompletableFuture<List<InetAddress>> fromPlatform(NettyEventLoop loop, String host) {
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        try {
            if (host.isBlank()) {
                // The platform would take it for loopback.
                throw new UnknownHostException("the name is empty; give a host name or an IP address");
            }
            if (isLiteral(host)) {
                result.complete(List.of(InetAddress.getByName(host)));
            } else {
                SharedThreads.RESOLVERS.execute(() -> askPlatform(loop, host, result));
            }
        } catch (UnknownHostException e) {
            result.completeExceptionally(Failures.resolve(host, Failures.reason(e), e));
        }
        return result;
    }

    private static void askPlatform(NettyEventLoop loop, String host, CompletableFuture<List<InetAddress>> result) {
        if (result.isDone()) {
            return;
        }
        Runnable answer;
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
            answer = () -> result.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            // The platform's message is often no more than the name again.
            answer = () -> result.completeExceptionally(Failures.resolve(
                    host, "unknown host, or no name server answered; check the name or give an IP address", e));
        }
        if (!loop.tryExecute(answer)) {
            result.completeExceptionally(Failures.resolve(host, Failures.CLOSED, null));
        }
    }

    /** {@return whether the host is an IP address and not a name} */
    static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}
