package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/** Hears what happens on one stream, on the transport's event loop. */
public interface StreamHandler {
    /** The stream is connected and may be written to. */
    void opened(Stream stream);

    /** @param bytes what arrived, in order, in pieces of any size; owned by the callee */
    void received(byte[] bytes);

    /**
     * The stream ended: by the other side, by {@link Stream#close()}, by a fault, or because it never opened. Called
     * exactly once, last.
     *
     * @param failure what went wrong, or null for an orderly end
     */
    void closed(@Nullable Throwable failure);
}
