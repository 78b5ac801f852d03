package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/**
 * Finds the end of MessagePack maps in bytes that are still arriving, without reading their values. Every byte is looked
 * at once however small the pieces are, nesting and the number of entries are bounded, and nothing is allocated for what
 * a header announces.
 */
final class MapScanner {
    /** The messages are flat maps; some room for what a later protocol may add. */
    private static final int MAX_DEPTH = 8;

    private final int[] valuesLeft = new int[MAX_DEPTH];
    private final long maxPosition;
    private int depth;
    private boolean inMap;
    private long position;

    /**
     * @param position where the first map starts
     * @param maxPosition no map may end behind this position
     */
    MapScanner(long position, long maxPosition) {
        this.position = position;
        this.maxPosition = maxPosition;
    }

    /** {@return the end of the value that starts at offset within a map, or -1 where it ends beyond the limit} */
    static int endOfValue(byte[] bytes, int offset, int limit) throws WireException {
        MapScanner scanner = new MapScanner(offset, Long.MAX_VALUE);
        // Within a map of which this is the last value but one, so that the depth counts from the map.
        scanner.depth = 1;
        scanner.valuesLeft[0] = 2;
        do {
            if (scanner.position >= limit || !scanner.scanValue(bytes, limit)) {
                return -1;
            }
        } while (scanner.depth > 1 || scanner.valuesLeft[0] == 2);
        return scanner.position > limit ? -1 : scanner.position();
    }

    /** {@return behind the last whole map} */
    int position() {
        return Math.toIntExact(position);
    }

    /** {@return whether one more map is whole; call again with more bytes if not} */
    boolean scan(byte[] bytes, int limit) throws WireException {
        if (!inMap) {
            if (position >= limit) {
                return false;
            }
            int first = bytes[(int) position] & 0xff;
            if ((first & 0xf0) != 0x80 && first != 0xde && first != 0xdf) {
                throw malformed("expected a map, found", first);
            }
            if (!scanValue(bytes, limit)) {
                return false;
            }
            inMap = true;
        }
        while (depth > 0 && position < limit) {
            if (!scanValue(bytes, limit)) {
                return false;
            }
        }
        if (depth > 0 || position > limit) {
            return false;
        }
        inMap = false;
        return true;
    }

    /** Steps over one value, or into it where it holds others; false where its header is incomplete. */
    private boolean scanValue(byte[] bytes, int limit) throws WireException {
        int at = (int) position;
        int code = bytes[at] & 0xff;
        int lengthBytes = lengthBytes(code);
        if (limit - at < 1 + lengthBytes) {
            return false;
        }
        long announced = 0;
        for (int i = 1; i <= lengthBytes; i++) {
            announced = announced << 8 | bytes[at + i] & 0xff;
        }
        long values = 0;
        long payload = 0;
        if ((code & 0xf0) == 0x80) {
            values = 2L * (code & 0x0f);
        } else if ((code & 0xf0) == 0x90) {
            values = code & 0x0f;
        } else if (code == 0xde || code == 0xdf) {
            values = 2 * announced;
        } else if (code == 0xdc || code == 0xdd) {
            values = announced;
        } else {
            payload = lengthBytes > 0 ? announced : fixedPayload(code);
            if (code >= 0xc7 && code <= 0xc9) {
                payload++; // the type of an extension
            }
        }
        position += 1 + lengthBytes + payload;
        if (position > maxPosition) {
            throw new WireException(
                    Reason.TOO_LARGE,
                    "a message of at least " + position + " bytes exceeds limit (" + maxPosition + ")");
        }
        count(values);
        return true;
    }

    private void count(long values) throws WireException {
        MapReader.checkValues(values, position);
        if (depth > 0) {
            valuesLeft[depth - 1]--;
        }
        if (values > 0) {
            if (depth == MAX_DEPTH) {
                throw new WireException(Reason.TOO_LARGE, "values nested deeper than " + MAX_DEPTH + " levels");
            }
            valuesLeft[depth++] = (int) values;
        }
        while (depth > 0 && valuesLeft[depth - 1] == 0) {
            depth--;
        }
    }

    /** How many bytes behind the code say how long the value is. */
    private static int lengthBytes(int code) {
        return switch (code) {
            case 0xc4, 0xc7, 0xd9 -> 1;
            case 0xc5, 0xc8, 0xda, 0xdc, 0xde -> 2;
            case 0xc6, 0xc9, 0xdb, 0xdd, 0xdf -> 4;
            default -> 0;
        };
    }

    private int fixedPayload(int code) throws WireException {
        if (code < 0x80 || code >= 0xe0) {
            return 0;
        }
        if (code < 0xc0) {
            return code & 0x1f;
        }
        return switch (code) {
            case 0xc0, 0xc2, 0xc3 -> 0;
            case 0xca -> 4;
            case 0xcb -> 8;
            case 0xcc, 0xcd, 0xce, 0xcf -> 1 << code - 0xcc;
            case 0xd0, 0xd1, 0xd2, 0xd3 -> 1 << code - 0xd0;
            case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> 1 + (1 << code - 0xd4);
            default -> throw malformed("no MessagePack value starts with", code);
        };
    }

    private WireException malformed(String what, int code) {
        return new WireException(Reason.MALFORMED, what + " 0x" + Integer.toHexString(code) + " at byte " + position);
    }
}
