package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.spring.boot.autoconfigure.MemberlistProperties.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import io.memberlist.transport.netty.TcpTransportFactory;
import io.memberlist.transport.tls.TlsSettings;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Makes what carries packets and streams, as the properties say. */
record TransportParts(MemberlistProperties properties, TlsBundles tls) {
    /**
     * {@return the factory, or null for that of the engine}
     *
     * @throws InvalidMemberlistPropertyException if a value cannot work, or has no effect
     */
    @Nullable
    TransportFactory factory() {
        Transport transport = properties.transport();
        TlsSettings settings = tls.settings();
        return switch (transport.type()) {
            case UDP -> udp(settings);
            case TLS -> tcp(TcpTransportFactory.tls(required(settings)));
            case TCP -> tcp(settings == null ? TcpTransportFactory.tcp() : TcpTransportFactory.tcp(settings));
        };
    }

    /**
     * Refuses properties that have no effect, since a bean takes their place.
     *
     * @param bean its type
     * @throws InvalidMemberlistPropertyException if one of them asks for another transport than UDP, or for TLS
     */
    void refuseBeside(String bean) {
        String property = properties.transport().type() != Transport.Type.UDP
                ? "memberlist.transport.type"
                : properties.ssl().hasBundle() ? "memberlist.ssl.bundle" : null;
        if (property != null) {
            throw new InvalidMemberlistPropertyException(
                    property, "a bean of the type " + bean + " takes its place", "remove one of the two");
        }
    }

    private @Nullable TransportFactory udp(@Nullable TlsSettings settings) {
        if (settings != null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.ssl.bundle",
                    "it is set, and packets over UDP have no TLS",
                    "set memberlist.transport.type to tls, or remove it");
        }
        Transport transport = properties.transport();
        refuseWithUdp("max-packet-size", transport.maxPacketSize());
        refuseWithUdp("max-connections", transport.maxConnections());
        refuseWithUdp("max-queue-size", transport.maxQueueSize());
        return properties.keepAlive() ? null : NettyTransportFactory.daemon();
    }

    private static void refuseWithUdp(String name, @Nullable Object value) {
        if (value != null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.transport." + name,
                    "it is set, and has no effect on packets over UDP",
                    "set memberlist.transport.type to tls or tcp, or remove it");
        }
    }

    private static TlsSettings required(@Nullable TlsSettings settings) {
        if (settings == null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.ssl.bundle",
                    "it is not set, and memberlist.transport.type is tls",
                    "name one of the bundles below spring.ssl.bundle, with the key of this application and the"
                            + " certificates that it trusts");
        }
        return settings;
    }

    private TransportFactory tcp(TcpTransportFactory.Builder builder) {
        Transport transport = properties.transport();
        set("max-packet-size", transport.maxPacketSize(), builder::maxPacketSize);
        set("max-queue-size", transport.maxQueueSize(), builder::maxQueueSize);
        Integer connections = transport.maxConnections();
        if (connections != null) {
            refuseIllegal("max-connections", () -> builder.maxConnections(connections));
        }
        return builder.daemon(!properties.keepAlive()).build();
    }

    private static void set(String name, @Nullable DataSize size, IntConsumer setter) {
        if (size != null) {
            int bytes = (int) Math.min(Integer.MAX_VALUE, Math.max(-1, size.toBytes()));
            refuseIllegal(name, () -> setter.accept(bytes));
        }
    }

    private static void refuseIllegal(String name, Runnable setting) {
        try {
            setting.run();
        } catch (IllegalArgumentException e) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.transport." + name, String.valueOf(e.getMessage()), "choose a value between them", e);
        }
    }
}
