package io.memberlist.transport.netty;

import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop.Timer;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.netty.DnsAnswer.Service;
import io.netty.channel.Channel;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look-up of a seed. To be used on the loop. */
final class SeedResolver {
    private static final Logger log = LoggerFactory.getLogger(SeedResolver.class);

    /** A name server that does not speak TCP must leave time for the platform's resolver. */
    private static final long TCP_FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Hosts of a service that are looked up: any one of them leads to all members. */
    private static final int MAX_HOSTS = 256;

    /** Hosts of a service that are looked up at a time, with two sockets each. */
    private static final int HOSTS_AT_A_TIME = 4;

    private final SeedLookup seed;
    private final String dnsConfigPath;
    private final NettyEventLoop loop;
    private final HostResolver platform;
    private final DnsClient dns;
    private final long deadlineNanos;
    private final CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();

    /** @param opened told of every socket; each is closed when the look-up ends */
    SeedResolver(
            SeedLookup seed,
            String dnsConfigPath,
            long timeoutNanos,
            IoBackend io,
            SharedThreads.Lease lease,
            NettyEventLoop loop,
            HostResolver platform,
            Consumer<Channel> opened) {
        this.seed = seed;
        this.dnsConfigPath = dnsConfigPath;
        this.loop = loop;
        this.platform = platform;
        this.deadlineNanos = loop.nanoTime() + timeoutNanos;
        this.dns = new DnsClient(io, lease.loop(), loop, opened, deadlineNanos);
    }

    /** {@return the addresses; completing it otherwise, by cancelling for instance, ends the look-up} */
    CompletableFuture<List<InetSocketAddress>> run() {
        result.whenComplete((value, failure) -> {
            // Whoever cancels may be on any thread, but the sockets belong to the loop.
            if (loop.inEventLoop()) {
                dns.close();
            } else {
                loop.executeAlways(dns::close);
            }
        });
        boolean askPlatformOnly = HostResolver.isLiteral(seed.name())
                || seed.kind() == SeedLookup.Kind.HOST && seed.name().indexOf('.') < 0;
        CompletableFuture<List<InetSocketAddress>> found =
                askPlatformOnly ? fromPlatform() : nameServers().thenCompose(this::fromNameServers);
        found.whenComplete((addresses, failure) -> {
            if (failure == null) {
                result.complete(addresses.stream().distinct().toList());
            } else {
                result.completeExceptionally(Causes.unwrap(failure));
            }
        });
        return result;
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

    private CompletableFuture<List<InetSocketAddress>> fromNameServers(NameServers servers) {
        boolean none = servers.addresses().isEmpty();
        return switch (seed.kind()) {
            case HOST -> none ? fromPlatform() : overTcpFirst(servers);
            case DNS -> none ? fromPlatform() : fromAddressRecords(servers);
            case DNS_SRV ->
                none
                        ? CompletableFuture.failedFuture(failed("there is no name server to ask for SRV records in "
                                + dnsConfigPath + "; set dnsConfigPath to a file with a 'nameserver' line, or give"
                                + " host:port"))
                        : fromServiceRecords(servers);
        };
    }

    private CompletableFuture<List<InetSocketAddress>> fromPlatform() {
        return limited(platform.resolve(seed.name()), "the platform's resolver gave no answer")
                .thenApply(found -> withPort(found, seed.port()));
    }

    private CompletableFuture<List<InetSocketAddress>> overTcpFirst(NameServers servers) {
        InetSocketAddress server = servers.addresses().get(0);
        long share = Math.min(TCP_FIRST_NANOS, remainingNanos() / 2);
        return dns.addressesOverTcp(server, seed.name(), share)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        log.debug(
                                "TCP-first look-up failed for '{}', falling back to the platform's resolver: {}",
                                seed.name(),
                                Causes.unwrap(failure).getMessage());
                    } else if (!answer.addresses().isEmpty()) {
                        return CompletableFuture.completedFuture(withPort(answer.addresses(), seed.port()));
                    }
                    return fromPlatform();
                })
                .thenCompose(Function.identity());
    }

    private CompletableFuture<List<InetSocketAddress>> fromAddressRecords(NameServers servers) {
        List<String> names = servers.fullNames(seed.name());
        return firstKnown(names.iterator(), name -> dns.addresses(servers, name))
                .thenCompose(answer -> answer.isEmpty()
                        ? CompletableFuture.failedFuture(noRecords(answer, "A or AAAA", names))
                        : CompletableFuture.completedFuture(withPort(answer.addresses(), seed.port())));
    }

    private CompletableFuture<List<InetSocketAddress>> fromServiceRecords(NameServers servers) {
        List<String> names = servers.fullNames(seed.name());
        return firstKnown(names.iterator(), name -> dns.query(servers, name, DnsRecordType.SRV))
                .thenCompose(answer -> {
                    // A lone "." says that the service is not offered here (RFC 2782).
                    List<Service> services = answer.services().stream()
                            .filter(service -> !service.host().equals("."))
                            .sorted(Comparator.comparingInt(Service::priority)
                                    .thenComparing(Service::weight, Comparator.reverseOrder()))
                            .toList();
                    return services.isEmpty()
                            ? CompletableFuture.failedFuture(noRecords(answer, "SRV", names))
                            : addressesOf(services, servers);
                });
    }

    /** Asks for one name after the other; that there is no such name leads to the next, a failure does not. */
    private CompletableFuture<DnsAnswer> firstKnown(
            Iterator<String> names, Function<String, CompletableFuture<DnsAnswer>> ask) {
        return ask.apply(names.next())
                .thenCompose(answer -> answer.isEmpty() && names.hasNext()
                        ? firstKnown(names, ask)
                        : CompletableFuture.completedFuture(answer))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(asked(failure)));
    }

    private CompletableFuture<List<InetSocketAddress>> addressesOf(List<Service> services, NameServers servers) {
        Set<String> hosts = new LinkedHashSet<>();
        services.stream().map(Service::host).limit(MAX_HOSTS).forEach(hosts::add);
        if (services.size() > MAX_HOSTS) {
            log.warn("{} has {} SRV records; the first {} are used", seed, services.size(), MAX_HOSTS);
        }
        Map<String, List<InetAddress>> found = new HashMap<>();
        Map<String, Throwable> failures = new HashMap<>();
        Iterator<String> waiting = hosts.iterator();
        List<CompletableFuture<?>> lanes = Stream.<CompletableFuture<?>>generate(
                        () -> lookUpHosts(waiting, servers, found, failures))
                .limit(HOSTS_AT_A_TIME)
                .toList();
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture<?>[]::new))
                .thenCompose(done -> {
                    List<InetSocketAddress> addresses = services.stream()
                            .flatMap(service ->
                                    withPort(found.getOrDefault(service.host(), List.of()), portOf(service)).stream())
                            .toList();
                    return addresses.isEmpty()
                            ? CompletableFuture.failedFuture(noneReached(hosts, failures))
                            : CompletableFuture.completedFuture(addresses);
                });
    }

    /** Looks up hosts one after the other; what one of them has is not lost with another. */
    private CompletableFuture<?> lookUpHosts(
            Iterator<String> waiting,
            NameServers servers,
            Map<String, List<InetAddress>> found,
            Map<String, Throwable> failures) {
        if (!waiting.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        String host = waiting.next();
        return dns.addresses(servers, host)
                .handle((answer, failure) -> {
                    if (failure == null && !answer.isEmpty()) {
                        return found.put(host, answer.addresses());
                    }
                    Throwable why = failure == null ? noRecords(answer, "A or AAAA", List.of(host)) : asked(failure);
                    log.debug("Passing over a host of {}: {}", seed, why.getMessage());
                    return failures.put(host, why);
                })
                .thenCompose(done -> lookUpHosts(waiting, servers, found, failures));
    }

    private TransportException noneReached(Set<String> hosts, Map<String, Throwable> failures) {
        String first = hosts.iterator().next();
        Throwable why = failures.get(first);
        return failed("none of the " + hosts.size() + " hosts in its SRV records can be joined; the first is '" + first
                + "': " + (why == null ? "its port is 0" : why.getMessage()));
    }

    private int portOf(Service service) {
        return seed.port() == 0 ? service.port() : seed.port();
    }

    /** Port 0 in an SRV record is nothing that can be dialled. */
    private static List<InetSocketAddress> withPort(List<InetAddress> addresses, int port) {
        return port == 0
                ? List.of()
                : addresses.stream()
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
    }

    private TransportException noRecords(DnsAnswer answer, String records, List<String> names) {
        return failed("name server " + Failures.text(answer.server()) + " has no " + records + " records of "
                + String.join(", ", names) + " (" + answer.code() + "); check the name, or give host:port");
    }

    private TransportException asked(Throwable failure) {
        Throwable cause = Causes.unwrap(failure);
        String reason = String.valueOf(cause.getMessage());
        String prefix = "cannot resolve '" + seed + "'";
        return reason.startsWith(prefix) && cause instanceof TransportException known
                ? known
                : new TransportException(
                        prefix + ": " + reason + "; check the name and the name servers in " + dnsConfigPath
                                + ", or give host:port",
                        cause);
    }

    private TransportException failed(String reason) {
        return new TransportException("cannot resolve '" + seed + "': " + reason);
    }

    /** What happens on other threads cannot be stopped; but nobody waits for it longer than this. */
    private <T> CompletableFuture<T> limited(CompletableFuture<T> future, String what) {
        if (future.isDone()) {
            return future;
        }
        CompletableFuture<T> limited = new CompletableFuture<>();
        Timer limit = loop.schedule(
                remainingNanos(),
                () -> limited.completeExceptionally(
                        failed(what + " in time; check the name servers, or give an IP address")));
        future.whenComplete((value, failure) -> {
            limit.cancel();
            if (failure == null) {
                limited.complete(value);
            } else {
                limited.completeExceptionally(failure);
            }
        });
        return limited;
    }

    private long remainingNanos() {
        return Math.max(0, deadlineNanos - loop.nanoTime());
    }
}
