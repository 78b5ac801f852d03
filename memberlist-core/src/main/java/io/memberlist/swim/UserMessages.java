package io.memberlist.swim;

import io.memberlist.MemberlistConfig;
import io.memberlist.delegate.MessageDelegate;

/** The way of a user message: to the listener, if it wants it, and else to the application. */
final class UserMessages {
    private final MemberlistConfig config;
    private final Callbacks callbacks;
    private UserMessageListener listener = UserMessageListener.NONE;

    UserMessages(MemberlistConfig config, Callbacks callbacks) {
        this.config = config;
        this.callbacks = callbacks;
    }

    void listener(UserMessageListener one) {
        listener = one;
    }

    UserMessageListener listener() {
        return listener;
    }

    void packet(byte[] payload) {
        if (!listener.packet(payload)) {
            raw(payload);
        }
    }

    void stream(byte[] payload) {
        if (!listener.stream(payload)) {
            raw(payload);
        }
    }

    private void raw(byte[] payload) {
        MessageDelegate delegate = config.messageDelegate();
        if (delegate != null) {
            callbacks.message(delegate, payload);
        }
    }
}
