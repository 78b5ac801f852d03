package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Byte 244, a length byte, the label: tells clusters that share a network apart. */
public final class LabelHeader {
    static final int MAX_SIZE = 255;
    /** What {@link #strip} answers while the header is incomplete. */
    static final int INCOMPLETE = -1;

    private final byte[] label;
    private final byte[] header;
    private final boolean skipCheck;

    LabelHeader(WireFormat format) {
        this.label = format.label().getBytes(StandardCharsets.UTF_8);
        this.skipCheck = format.skipInboundLabelCheck();
        this.header = new byte[label.length == 0 ? 0 : 2 + label.length];
        if (header.length > 0) {
            header[0] = (byte) MessageType.LABEL;
            header[1] = (byte) label.length;
            System.arraycopy(label, 0, header, 2, label.length);
        }
    }

    /**
     * {@return the label that a message claims to have, empty for none; null where its header is incomplete}
     *
     * @param beginning the first bytes of a packet, or of a stream
     */
    public static @Nullable String labelOf(byte[] beginning) {
        if (beginning.length == 0) {
            return null;
        }
        if ((beginning[0] & 0xff) != MessageType.LABEL) {
            return "";
        }
        int length = beginning.length < 2 ? MAX_SIZE : beginning[1] & 0xff;
        return beginning.length < 2 + length ? null : new String(beginning, 2, length, StandardCharsets.UTF_8);
    }

    /** {@return the label's bytes, which encryption authenticates; not to be changed} */
    byte[] label() {
        return label;
    }

    /** {@return the header's bytes, none where there is no label; not to be changed} */
    byte[] header() {
        return header;
    }

    /** {@return where the message behind the header starts, or {@link #INCOMPLETE}} */
    int strip(byte[] bytes, int size) throws WireException {
        if (size == 0) {
            return INCOMPLETE;
        }
        if ((bytes[0] & 0xff) != MessageType.LABEL) {
            if (label.length > 0 && !skipCheck) {
                throw new WireException(Reason.LABEL, "discarding message with unacceptable label \"\"");
            }
            return 0;
        }
        if (skipCheck) {
            throw new WireException(Reason.LABEL, "unexpected double label header");
        }
        if (size < 2) {
            return INCOMPLETE;
        }
        int length = bytes[1] & 0xff;
        if (length == 0) {
            throw new WireException(Reason.LABEL, "label header cannot be empty when present");
        }
        if (size < 2 + length) {
            return INCOMPLETE;
        }
        if (!Arrays.equals(bytes, 2, 2 + length, label, 0, label.length)) {
            String theirs = new String(bytes, 2, length, StandardCharsets.UTF_8);
            throw new WireException(Reason.LABEL, "discarding message with unacceptable label \"" + theirs + "\"");
        }
        return 2 + length;
    }
}
