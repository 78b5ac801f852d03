package io.memberlist.transport.netty;

import io.memberlist.testing.TestCertificates;
import io.memberlist.transport.tls.TlsSettings;
import java.time.Duration;

/** The transports over TCP, with small limits. */
enum TestOptions {
    TLS,
    TCP,
    TCP_WITH_TLS;

    static final int MAX_CONNECTIONS = 8;
    private static final int MAX_PACKET_SIZE = 10 * 1024 * 1024;
    private static final int MAX_QUEUE_BYTES = 1024 * 1024;
    private static final long MAX_HELD_BYTES = 64L * 1024 * 1024;

    TcpOptions options() {
        return options(
                this == TCP
                        ? null
                        : TlsSettings.of(TestCertificates.shared().member().tls()));
    }

    TcpOptions options(TlsSettings tls) {
        return new TcpOptions(
                this == TLS ? TcpOptions.TLS : TcpOptions.TCP,
                tls,
                MAX_PACKET_SIZE,
                MAX_CONNECTIONS,
                MAX_QUEUE_BYTES,
                MAX_HELD_BYTES,
                Duration.ofSeconds(5),
                false);
    }
}
