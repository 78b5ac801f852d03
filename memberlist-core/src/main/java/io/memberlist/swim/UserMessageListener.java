package io.memberlist.swim;

import java.net.InetSocketAddress;

/** Sees user messages before the application does. Called on the loop. */
public interface UserMessageListener {
    /** Takes nothing: everything is the application's. */
    UserMessageListener NONE = new UserMessageListener() {
        @Override
        public boolean wants(byte[] payload) {
            return false;
        }

        @Override
        public void packet(byte[] payload) {}

        @Override
        public boolean stream(byte[] payload) {
            return false;
        }

        @Override
        public void exchanged(InetSocketAddress with) {}
    };

    /** {@return whether the application shall not see this message, which came in a packet} Must be quick. */
    boolean wants(byte[] payload);

    /** A message that it wants has come in a packet. */
    void packet(byte[] payload);

    /** {@return whether the application shall not see this message, which came over a stream} */
    boolean stream(byte[] payload);

    /** A push/pull that this member began has ended well. */
    void exchanged(InetSocketAddress with);
}
