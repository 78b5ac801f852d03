package io.memberlist.transport.netty;

import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates transports that carry packets and streams over TCP, at one port. All members of a cluster must use the same one. Its threads
 * are those of {@link NettyTransportFactory#shared()}. Safe from any thread.
 */
public final class TcpTransportFactory implements TransportFactory {
    /** The largest packet where no other limit is set: 10 MiB, as large as dskit's. */
    public static final int DEFAULT_MAX_PACKET_SIZE = 10 * 1024 * 1024;

    private static final int MOST_PACKET_SIZE = 64 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ACCEPTED_CONNECTIONS = 4096;
    private static final long MOST_HELD_BYTES = 4L * MOST_PACKET_SIZE;

    private final TcpOptions options;

    private TcpTransportFactory(TcpOptions options) {
        this.options = options;
    }

    /**
     * {@return a builder of transports that speak as Alertmanager does with {@code --cluster.tls-config}} Packets for one member share a
     * TLS connection, and each stream has one.
     */
    public static Builder tls(TlsSettings tls) {
        return new Builder(TcpOptions.TLS, tls);
    }

    /**
     * {@return a builder of transports that speak as Grafana's dskit does, and so Mimir, Loki and Tempo} Each packet has a connection of
     * its own.
     */
    public static Builder tcp() {
        return new Builder(TcpOptions.TCP, null);
    }

    /** {@return the same as {@link #tcp()}, with TLS} */
    public static Builder tcp(TlsSettings tls) {
        return new Builder(TcpOptions.TCP, tls);
    }

    /** Fails with a {@link TransportException} where the own certificates cannot be used, and as those of UDP do. */
    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        TlsSettings tls = options.tls();
        if (tls != null) {
            Instant now = Instant.now();
            Optional<String> problem = Stream.of(
                            tls.identities().server(), tls.identities().client())
                    .distinct()
                    .flatMap(each -> each.problem(now).stream())
                    .findFirst();
            if (problem.isPresent()) {
                return CompletableFuture.failedFuture(new TransportException("cannot use TLS: " + problem.get()));
            }
        }
        return (options.daemon() ? NettyTransportFactory.daemon() : NettyTransportFactory.shared())
                .open(
                        bind,
                        false,
                        (io, loop, bound) -> new TcpTransport(io, loop, bound, ACCEPTED_CONNECTIONS, options));
    }

    /** Makes a factory; its methods throw {@link IllegalArgumentException} where a value is out of its bounds. */
    public static final class Builder {
        private final String type;
        private final @Nullable TlsSettings tls;
        private int maxPacketSize = DEFAULT_MAX_PACKET_SIZE;
        private int maxConnections = 1024;
        private int maxQueueSize = 1024 * 1024;
        private boolean daemon;

        private Builder(String type, @Nullable TlsSettings tls) {
            this.type = type;
            this.tls = tls;
        }

        /** Sets the largest packet that is sent or taken, in bytes: 1024 to 64 MiB, and 10 MiB by default. */
        public Builder maxPacketSize(int bytes) {
            this.maxPacketSize = inRange("maxPacketSize", bytes, 1024, MOST_PACKET_SIZE);
            return this;
        }

        /** Sets how many connections to others carry packets at a time: 16 to 65535, and 1024 by default. */
        public Builder maxConnections(int connections) {
            this.maxConnections = inRange("maxConnections", connections, 16, 0xffff);
            return this;
        }

        /**
         * Sets how many bytes of packets wait for one member that is slow, or to which a connection is being made: 64 KiB to 64 MiB,
         * and 1 MiB by default. The oldest packets are dropped where there are more.
         */
        public Builder maxQueueSize(int bytes) {
            this.maxQueueSize = inRange("maxQueueSize", bytes, 64 * 1024, MOST_PACKET_SIZE);
            return this;
        }

        /** Lets the JVM end while members run, as {@link NettyTransportFactory#daemon()} does. */
        public Builder daemon(boolean daemon) {
            this.daemon = daemon;
            return this;
        }

        public TcpTransportFactory build() {
            return new TcpTransportFactory(new TcpOptions(
                    type, tls, maxPacketSize, maxConnections, maxQueueSize, MOST_HELD_BYTES, PATIENCE, daemon));
        }

        private static int inRange(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        name + " is " + value + ", and must be between " + least + " and " + most);
            }
            return value;
        }
    }
}
