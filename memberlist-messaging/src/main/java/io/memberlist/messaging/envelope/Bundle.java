package io.memberlist.messaging.envelope;

import io.memberlist.messaging.metrics.MessageDropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Several envelopes in one: a stream carries one user message, as in the Go library, and opening it takes its time. */
public final class Bundle {
    public static final int MAX_BYTES = 64 * 1024;

    private static final int LENGTH_BYTES = 4;
    private static final Set<Integer> NOT_IN_BUNDLES =
            Set.of(EnvelopeFormat.DIGEST, EnvelopeFormat.FETCH, EnvelopeFormat.BUNDLE);

    private Bundle() {}

    /** {@return the bytes that an envelope of that length takes of a bundle} */
    public static int lengthWith(int envelopeLength) {
        return LENGTH_BYTES + envelopeLength;
    }

    public static byte[] of(List<byte[]> envelopes) {
        int size = EnvelopeFormat.FLAGS_AT + 1;
        for (byte[] envelope : envelopes) {
            size += lengthWith(envelope.length);
        }
        ByteBuffer out = EnvelopeFormat.begun(EnvelopeFormat.BUNDLE, 0, size);
        envelopes.forEach(envelope -> out.putInt(envelope.length).put(envelope));
        return out.array();
    }

    /** {@return what is in it} Messages only: of bundles in bundles a stranger would choose how deep they
     * go, and digests in thousands take long. */
    public static List<byte[]> read(byte[] bytes) throws EnvelopeException {
        if (bytes.length > 2 * MAX_BYTES) {
            throw new EnvelopeException(MessageDropReason.TOO_LARGE, "a bundle of " + bytes.length + " bytes");
        }
        EnvelopeReader in = new EnvelopeReader(bytes, EnvelopeFormat.FLAGS_AT + 1);
        List<byte[]> envelopes = new ArrayList<>();
        while (!in.atEnd()) {
            byte[] envelope = in.bytes(in.u32());
            if (!EnvelopeFormat.isEnvelope(envelope) || NOT_IN_BUNDLES.contains(EnvelopeFormat.kind(envelope))) {
                throw EnvelopeReader.malformed("a bundle of something else than messages");
            }
            envelopes.add(envelope);
        }
        return envelopes;
    }
}
