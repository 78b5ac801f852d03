package io.memberlist.transport.netty;

import io.memberlist.transport.Causes;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.tls.PeerCheck;
import io.memberlist.transport.tls.TlsIdentity;
import io.memberlist.transport.tls.TlsSettings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS side of connections, with the certificates of the moment: with OpenSSL where Netty finds it on the class path, and
 * otherwise with the JDK. Used on the loop; certificates are computed on other threads.
 */
final class Tls {
    private static final String IDENTIFICATION = "HTTPS";
    /** The type of a subject alternative name that is an IP address. */
    private static final int IP_ADDRESS = 7;

    private final TlsSettings settings;
    private TlsSettings.@Nullable Identities used;
    private @Nullable SslContext server;
    private @Nullable SslContext client;

    Tls(TlsSettings settings) {
        this.settings = settings;
    }

    /** {@return the certificates that a new connection uses} */
    TlsSettings.Identities identities() {
        return settings.identities();
    }

    /**
     * {@return the TLS side of a connection to a member}
     *
     * @throws TlsException if nothing is known that its certificate could be checked against
     */
    SslHandler client(Recipient to, ByteBufAllocator allocator) {
        refresh();
        String host = to.address().getAddress().getHostAddress();
        if (settings.check() == PeerCheck.NAME) {
            host = settings.peerName() != null ? settings.peerName() : to.name();
            if (host == null) {
                throw new TlsException(
                        "its certificate cannot be checked, since the name of the member is not known: give the seed as"
                                + " name/host:port, or set the name that all certificates have",
                        null);
            }
        }
        return handler(
                Objects.requireNonNull(client), allocator, host, to.address().getPort());
    }

    /** {@return the TLS side of a connection that somebody else has opened} */
    SslHandler server(ByteBufAllocator allocator) {
        refresh();
        String name = settings.check() == PeerCheck.NAME ? settings.peerName() : null;
        SslHandler handler = handler(Objects.requireNonNull(server), allocator, name, 0);
        if (name != null && settings.clientCertificates()) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(IDENTIFICATION);
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    private static SslHandler handler(SslContext context, ByteBufAllocator allocator, @Nullable String host, int port) {
        SslHandler handler = host == null
                ? context.newHandler(allocator, SharedThreads.WORKERS)
                : context.newHandler(allocator, host, port, SharedThreads.WORKERS);
        // Alertmanager loses what follows a frame in the same record.
        handler.setWrapDataSize(0);
        return handler;
    }

    private void refresh() {
        TlsSettings.Identities now = settings.identities();
        if (now == used) {
            return;
        }
        try {
            TlsIdentity ours = now.server();
            SslContext accepting = SslContextBuilder.forServer(ours.keys())
                    .trustManager(ours.trust())
                    .clientAuth(settings.clientCertificates() ? ClientAuth.REQUIRE : ClientAuth.NONE)
                    .protocols(ours.protocols())
                    .ciphers(ciphers(ours))
                    .build();
            TlsIdentity calling = now.client();
            SslContext opening = SslContextBuilder.forClient()
                    .keyManager(calling.keys())
                    .trustManager(calling.trust())
                    .protocols(calling.protocols())
                    .ciphers(ciphers(calling))
                    .endpointIdentificationAlgorithm(settings.check() == PeerCheck.NONE ? null : IDENTIFICATION)
                    .build();
            // What an engine refuses, such as a protocol, shows only here.
            ReferenceCountUtil.release(accepting.newEngine(ByteBufAllocator.DEFAULT));
            ReferenceCountUtil.release(opening.newEngine(ByteBufAllocator.DEFAULT));
            server = accepting;
            client = opening;
            used = now;
        } catch (SSLException | RuntimeException e) {
            throw new TlsException("the certificates cannot be used: " + Failures.reason(e), e);
        }
    }

    private static @Nullable List<String> ciphers(TlsIdentity identity) {
        return identity.ciphers().isEmpty() ? null : identity.ciphers();
    }

    /** {@return whether who opens a connection has to have a certificate that is valid for the address that it claims} */
    boolean checksClaims() {
        return settings.check() == PeerCheck.ADDRESS && settings.clientCertificates();
    }

    /** {@return the IP addresses for which the certificate of the other side is valid, asked at the end of the handshake} */
    static List<String> addresses(SslHandler ssl) {
        try {
            Certificate[] chain = ssl.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? addresses(certificate)
                    : List.of();
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> addresses(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> Objects.equals(name.get(0), IP_ADDRESS))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    /** {@return the protocol of a connection after its handshake} */
    static String protocol(SslHandler ssl) {
        SSLEngine engine = ssl.engine();
        return engine.getSession().getProtocol();
    }

    /** {@return whether one of the two sides does not trust the other} A handshake that breaks off says nothing about that. */
    static boolean isDistrust(@Nullable Throwable cause) {
        if (cause == null || Causes.find(cause, SslHandshakeTimeoutException.class) != null) {
            return false;
        }
        return isCertificate(cause)
                || Causes.find(cause, SSLHandshakeException.class) != null
                || Causes.find(cause, NotSslRecordException.class) != null
                || Causes.find(cause, TlsException.class) != null
                || isRefusal(Failures.reason(cause));
    }

    private static boolean isCertificate(Throwable cause) {
        return Causes.find(cause, CertificateException.class) != null
                || Causes.find(cause, CertPathValidatorException.class) != null
                || Causes.find(cause, CertPathBuilderException.class) != null;
    }

    private static boolean isRefusal(String reason) {
        return reason.contains("fatal alert") && reason.contains("certificate");
    }

    /** {@return why TLS failed, in words} */
    static String reason(Throwable cause) {
        if (Causes.find(cause, NotSslRecordException.class) != null) {
            return "the other side does not speak TLS";
        }
        String reason = Failures.reason(cause);
        if (isCertificate(cause)) {
            return "the certificate of the other side is not trusted: " + reason;
        }
        return isRefusal(reason) ? "the other side does not trust the certificate of this one: " + reason : reason;
    }
}
