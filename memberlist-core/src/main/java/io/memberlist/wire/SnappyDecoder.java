package io.memberlist.wire;

/** The counterpart of {@link SnappyEncoder}, for anybody's bytes: bounded, and without trust in any length or offset. */
final class SnappyDecoder {
    /** A length takes 32 bits, seven in each byte. */
    private static final int MAX_LENGTH_BYTES = 5;

    private static final long MAX_LENGTH = 0xffff_ffffL;

    /** From here on, the upper bits of the tag of a literal say how many bytes its length takes. */
    static final int LONG_LITERAL = 60;

    /** Up to so many bytes, copying eight at a time is faster than a call that copies all. */
    private static final int SHORT_LITERAL = 64;

    private SnappyDecoder() {}

    /**
     * Appends at most maxSize bytes.
     *
     * <p>The first bytes announce the length of all. It says what the bytes must come to, and no room is made for it before
     * they are there: ten bytes may announce gigabytes.
     */
    static void decode(byte[] in, int from, int to, Buffer target, int maxSize) throws WireException {
        int at = from;
        long length = 0;
        int part = -1;
        for (int i = 0; part < 0; i++) {
            if (i == MAX_LENGTH_BYTES) {
                throw Compression.corrupt("a length of more than " + MAX_LENGTH_BYTES + " bytes");
            }
            if (at == to) {
                throw unexpectedEnd();
            }
            part = in[at++];
            length |= (part & 0x7fL) << 7 * i;
        }
        if (length > MAX_LENGTH) {
            throw Compression.corrupt("a length of more than 32 bits");
        }
        if (length > maxSize) {
            throw Compression.tooLarge(maxSize);
        }
        int start = target.size;
        long end = start + length;
        target.ensureRoom(Long.BYTES + (int) Math.min(length, to - at));
        byte[] out = target.bytes;
        int size = start;
        int room = room(out, end);
        while (at < to) {
            int tag = in[at++] & 0xff;
            int upper = tag >>> 2;
            // a literal is a copy from the compressed bytes, which has no offset
            long offset = 0;
            int count;
            switch (tag & 0b11) {
                case SnappyEncoder.LITERAL -> {
                    count = upper + 1;
                    if (upper >= LONG_LITERAL) {
                        int bytes = upper - LONG_LITERAL + 1;
                        long announced = number(in, at, to, bytes) + 1;
                        at += bytes;
                        // above 31 bits it is more than there can be, as this is
                        count = (int) Math.min(announced, Integer.MAX_VALUE);
                    }
                    if (count > to - at) {
                        throw unexpectedEnd();
                    }
                }
                case SnappyEncoder.COPY_1 -> {
                    count = SnappyEncoder.MIN_COPY + (upper & 0b111);
                    offset = tag >>> 5 << 8 | number(in, at, to, 1);
                    at += 1;
                }
                case SnappyEncoder.COPY_2 -> {
                    count = upper + 1;
                    offset = number(in, at, to, 2);
                    at += 2;
                }
                default -> {
                    count = upper + 1;
                    offset = number(in, at, to, Integer.BYTES);
                    at += Integer.BYTES;
                }
            }
            boolean literal = (tag & 0b11) == SnappyEncoder.LITERAL;
            if (!literal && (offset == 0 || offset > size - start)) {
                throw Compression.corrupt("a copy from " + offset + " bytes before, where there are " + (size - start));
            }
            if (count > room - size) {
                if (count > end - size) {
                    throw Compression.corrupt("more than the announced " + length + " bytes");
                }
                target.size = size;
                target.ensureRoom(count + Long.BYTES, end + Long.BYTES);
                out = target.bytes;
                room = room(out, end);
            }
            if (literal) {
                copyLiteral(in, at, out, size, count);
                at += count;
            } else {
                repeat(out, size, (int) offset, count);
            }
            size += count;
        }
        if (size != end) {
            throw Compression.corrupt((size - start) + " bytes, where " + length + " are announced");
        }
        target.size = size;
    }

    /** {@return the number in so many bytes, the lowest of them first} */
    private static long number(byte[] in, int at, int to, int count) throws WireException {
        if (count > to - at) {
            throw unexpectedEnd();
        }
        long number = 0;
        for (int i = 0; i < count; i++) {
            number |= (in[at + i] & 0xffL) << Byte.SIZE * i;
        }
        return number;
    }

    /** Copies bytes; up to seven behind them may change, which are written later. */
    static void copyLiteral(byte[] in, int at, byte[] out, int size, int count) {
        if (count > SHORT_LITERAL || in.length - at < count + Long.BYTES) {
            System.arraycopy(in, at, out, size, count);
            return;
        }
        for (int i = 0; i < count; i += Long.BYTES) {
            LzwDecoder.LONG.set(out, size + i, (long) LzwDecoder.LONG.get(in, at + i));
        }
    }

    /** Copies bytes that stand so many before; up to seven behind them may change, which are written later. */
    private static void repeat(byte[] out, int size, int offset, int count) {
        if (offset >= Long.BYTES) {
            for (int i = 0; i < count; i += Long.BYTES) {
                LzwDecoder.LONG.set(out, size + i, (long) LzwDecoder.LONG.get(out, size - offset + i));
            }
        } else {
            // byte by byte: it may reach into what is being written
            for (int i = 0; i < count; i++) {
                out[size + i] = out[size - offset + i];
            }
        }
    }

    /** {@return up to where bytes may reach, with a few to spare behind} */
    private static int room(byte[] out, long end) {
        return (int) Math.min(end, out.length - Long.BYTES);
    }

    private static WireException unexpectedEnd() {
        return Compression.corrupt("unexpected end of the compressed bytes");
    }
}
