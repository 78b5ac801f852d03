package io.memberlist.transport.tls;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the TLS connections of a member are made. Safe from any thread. Certificates that were renewed are given to {@link #update}: new
 * connections use them at once, and others are replaced within a minute.
 */
public final class TlsSettings {
    private final PeerCheck check;
    private final @Nullable String peerName;
    private final boolean clientCertificates;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Identities identities;

    /**
     * What both sides of connections use.
     *
     * @param server where others call this member
     * @param client where this member calls others
     */
    public record Identities(TlsIdentity server, TlsIdentity client) {
        /** {@return when the first of the own certificates ends; empty if there is none} */
        public Optional<Instant> expiresAt() {
            return Stream.of(server, client)
                    .flatMap(each -> each.expiresAt().stream())
                    .min(Comparator.naturalOrder());
        }
    }

    private TlsSettings(Builder builder) {
        this.check = builder.check;
        this.peerName = builder.peerName;
        this.clientCertificates = builder.clientCertificates;
        this.identities = builder.identities;
    }

    /** {@return settings with the same identity for both sides, mutual TLS, and a check of addresses} */
    public static TlsSettings of(TlsIdentity identity) {
        return builder(identity, identity).build();
    }

    /** {@return a builder; both sides may have the same identity} */
    public static Builder builder(TlsIdentity server, TlsIdentity client) {
        return new Builder(new Identities(server, client));
    }

    /** {@return what both sides use by now} */
    public Identities identities() {
        return identities;
    }

    /** Uses other certificates from now on. */
    public void update(TlsIdentity server, TlsIdentity client) {
        identities = new Identities(server, client);
        listeners.forEach(Runnable::run);
    }

    /**
     * Calls an action after each {@link #update}, on the thread of its caller.
     *
     * @return ends that
     */
    public Runnable onUpdate(Runnable action) {
        listeners.add(action);
        return () -> listeners.remove(action);
    }

    /** {@return for what the certificates of others must be valid} */
    public PeerCheck check() {
        return check;
    }

    /** {@return the name for which the certificates of all others must be valid, with {@link PeerCheck#NAME}} */
    public @Nullable String peerName() {
        return peerName;
    }

    /** {@return whether those who call this member need a certificate} */
    public boolean clientCertificates() {
        return clientCertificates;
    }

    @Override
    public String toString() {
        return "TlsSettings[check=" + check + " peerName=" + peerName + " clientCertificates=" + clientCertificates
                + " " + identities + "]";
    }

    /** Makes settings. */
    public static final class Builder {
        private final Identities identities;
        private PeerCheck check = PeerCheck.ADDRESS;
        private @Nullable String peerName;
        private boolean clientCertificates = true;

        private Builder(Identities identities) {
            this.identities = identities;
        }

        /** Sets for what the certificates of others must be valid: {@link PeerCheck#ADDRESS} by default. */
        public Builder check(PeerCheck check) {
            this.check = Objects.requireNonNull(check, "check");
            return this;
        }

        /** Sets the name for which the certificates of all others must be valid, and {@link PeerCheck#NAME}. */
        public Builder peerName(String peerName) {
            this.peerName = Objects.requireNonNull(peerName, "peerName");
            return check(PeerCheck.NAME);
        }

        /** Sets whether those who call this member need a certificate, as is the default. */
        public Builder clientCertificates(boolean required) {
            this.clientCertificates = required;
            return this;
        }

        public TlsSettings build() {
            return new TlsSettings(this);
        }
    }
}
