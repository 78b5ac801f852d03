package io.memberlist.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster dresses its messages; the same for all its members.
 *
 * @param compression how to compress what is sent; what is received is read however it is compressed
 * @param encryptionVersion 0 (padded, for members of protocol 1) or 1; both are always understood
 * @param label set before packets and dialled streams; empty for none, at most 255 bytes in UTF-8
 * @param skipInboundLabelCheck whether the transport has already checked and taken off the label
 * @param keys the installed keys; null for no encryption
 * @param verifyIncoming whether plaintext is refused when there are keys
 * @param verifyOutgoing whether to encrypt when there are keys
 * @param limits what one peer may make this member hold
 * @param freshness how old encrypted messages may be; null for any age
 */
public record WireFormat(
        Compression compression,
        int encryptionVersion,
        String label,
        boolean skipInboundLabelCheck,
        @Nullable KeySource keys,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        WireLimits limits,
        @Nullable Freshness freshness) {

    /** Makes a format in which encrypted messages may be of any age. */
    public WireFormat(
            Compression compression,
            int encryptionVersion,
            String label,
            boolean skipInboundLabelCheck,
            @Nullable KeySource keys,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            WireLimits limits) {
        this(
                compression,
                encryptionVersion,
                label,
                skipInboundLabelCheck,
                keys,
                verifyIncoming,
                verifyOutgoing,
                limits,
                null);
    }

    /** Refuses an unknown encryption version and a label that does not fit its header. */
    public WireFormat {
        if (encryptionVersion != 0 && encryptionVersion != 1) {
            throw new IllegalArgumentException("encryption version " + encryptionVersion + " is not 0 or 1");
        }
        int size = label.getBytes(StandardCharsets.UTF_8).length;
        if (size > LabelHeader.MAX_SIZE) {
            throw new IllegalArgumentException("label of " + size + " bytes is longer than " + LabelHeader.MAX_SIZE
                    + "; choose a shorter one: " + label);
        }
    }

    /**
     * {@return a format without label and encryption}
     *
     * @param compression how to compress what is sent
     * @param limits what one peer may make this member hold
     */
    public static WireFormat plain(Compression compression, WireLimits limits) {
        return new WireFormat(compression, 1, "", false, null, true, true, limits);
    }

    /** {@return the same format with another label} */
    public WireFormat withLabel(String other) {
        return new WireFormat(
                compression,
                encryptionVersion,
                other,
                skipInboundLabelCheck,
                keys,
                verifyIncoming,
                verifyOutgoing,
                limits,
                freshness);
    }

    /** {@return the same format with a limit on the age of encrypted messages} */
    public WireFormat withFreshness(@Nullable Freshness other) {
        return new WireFormat(
                compression,
                encryptionVersion,
                label,
                skipInboundLabelCheck,
                keys,
                verifyIncoming,
                verifyOutgoing,
                limits,
                other);
    }

    /** Says whether there are keys, never which. */
    @Override
    public String toString() {
        return "WireFormat[compression=" + compression + ", encryptionVersion=" + encryptionVersion + ", label=" + label
                + ", skipInboundLabelCheck=" + skipInboundLabelCheck + ", keys=" + (keys == null ? "none" : "present")
                + ", verifyIncoming=" + verifyIncoming + ", verifyOutgoing=" + verifyOutgoing + ", limits=" + limits
                + ", maxAge=" + (freshness == null ? "any" : freshness.maxAge()) + "]";
    }
}
