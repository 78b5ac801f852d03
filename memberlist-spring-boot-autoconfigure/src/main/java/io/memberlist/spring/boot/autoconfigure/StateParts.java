package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.delegate.StateDelegate;
import io.memberlist.logging.LogText;
import io.memberlist.logging.ThrottledLog;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Several delegates as one, because a push/pull carries one state: each has a part under the name of its bean. A part whose
 * name is not known here is ignored, since other members may run another version of the application.
 *
 * <p>The state is the bytes {@code FF 'P' 'A' 'R' 'T' 'S'}, and for each part the length of the name (one byte), the name in
 * UTF-8, the length of the part (four bytes), and the part. To a member of the Go library it is one state like any other.
 */
final class StateParts implements StateDelegate {
    private static final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger(StateParts.class));
    private static final byte[] MAGIC = {(byte) 0xff, 'P', 'A', 'R', 'T', 'S'};
    private static final int MAX_NAME_BYTES = 255;

    /** More are refused: an application has few such beans, and an empty part takes up six bytes only. */
    private static final int MAX_PARTS = 256;

    private final Map<String, StateDelegate> delegates;

    /** @param delegates by the names of their beans */
    StateParts(Map<String, StateDelegate> delegates) {
        this.delegates = new TreeMap<>(delegates);
        if (delegates.size() > MAX_PARTS) {
            throw new IllegalStateException(delegates.size() + " beans are StateDelegates: have at most " + MAX_PARTS);
        }
        for (String name : delegates.keySet()) {
            if (utf8(name).length > MAX_NAME_BYTES) {
                throw new IllegalStateException("the name of the StateDelegate bean '" + name
                        + "' travels with its state: give it a name of at most " + MAX_NAME_BYTES + " bytes");
            }
        }
    }

    @Override
    public byte[] localState(boolean join) {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        delegates.forEach((name, delegate) -> isolated(name, () -> {
            byte[] part = delegate.localState(join);
            if (part.length > 0) {
                byte[] key = utf8(name);
                parts.write(key.length);
                parts.writeBytes(key);
                parts.writeBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
                parts.writeBytes(part);
            }
        }));
        if (parts.size() == 0) {
            return new byte[0];
        }
        ByteBuffer state = ByteBuffer.allocate(MAGIC.length + parts.size());
        return state.put(MAGIC).put(parts.toByteArray()).array();
    }

    @Override
    public void mergeRemoteState(byte[] state, boolean join) {
        Map<String, byte[]> parts;
        try {
            parts = parse(state);
        } catch (IllegalArgumentException e) {
            log.log(
                    Level.WARN,
                    this,
                    "The application state of another member is ignored: {}. This application has several StateDelegate"
                            + " beans ({}), and the other member must have them too",
                    e.getMessage(),
                    delegates.keySet());
            return;
        }
        parts.forEach((name, part) -> {
            StateDelegate delegate = delegates.get(name);
            if (delegate != null) {
                isolated(name, () -> delegate.mergeRemoteState(part, join));
            } else {
                log.log(
                        Level.DEBUG,
                        name,
                        "No StateDelegate bean here is named '{}', as a part of another member's state is",
                        LogText.printable(name));
            }
        });
    }

    /** @throws IllegalArgumentException if these are no parts; lengths are not believed before the bytes are there */
    private static Map<String, byte[]> parse(byte[] state) {
        if (state.length < MAGIC.length || !Arrays.equals(state, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("it is not made of parts");
        }
        Map<String, byte[]> parts = new LinkedHashMap<>();
        ByteBuffer rest = ByteBuffer.wrap(state, MAGIC.length, state.length - MAGIC.length);
        try {
            while (rest.hasRemaining()) {
                String name = new String(bytes(rest, Byte.toUnsignedInt(rest.get())), StandardCharsets.UTF_8);
                if (parts.put(name, bytes(rest, rest.getInt())) != null || parts.size() > MAX_PARTS) {
                    throw new IllegalArgumentException("a part is there twice, or there are more than " + MAX_PARTS);
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("its last part is incomplete", e);
        }
        return parts;
    }

    private static byte[] bytes(ByteBuffer from, int length) {
        if (length < 0 || length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static void isolated(String name, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            // Whatever it is, the parts of the others are not at fault.
            log.log(
                    Level.ERROR,
                    name,
                    "The StateDelegate bean '{}' failed; the others are called all the same",
                    name,
                    e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
