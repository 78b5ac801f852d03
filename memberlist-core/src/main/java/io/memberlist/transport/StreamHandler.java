package io.memberlist.transport;

import org.jspecify.annotations.Nullable;

/** Is notified of what happens on one stream, on the transport's event loop. */
public interface StreamHandler {
    /** Called first, when the stream is connected and may be written to. */
    void opened(Stream stream);

    /**
     * Called when bytes have arrived, in order, in pieces of any size.
     *
     * @param bytes owned by the callee
     */
    void received(byte[] bytes);

    /**
     * Called last, exactly once, when the stream has ended: by the other side, by {@link Stream#close()}, by a fault, or
     * because it could not be opened.
     *
     * @param failure why the stream failed, or null for an orderly end
     */
    void closed(@Nullable Throwable failure);
}
