package io.memberlist.config;

import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
import org.jspecify.annotations.Nullable;

/**
 * What the application implements to take part in the work of its member. Each is optional.
 *
 * @param delegate the delegate for metadata, messages, broadcasts and state in one; a delegate for messages or state
 *     alone takes precedence
 * @param event the delegate that is notified of membership changes
 * @param message the delegate that receives user messages
 * @param state the delegate that exchanges application state with every push/pull
 * @param conflict the delegate that is notified of two members with the same name
 * @param merge the delegate that may refuse a merge with other members
 * @param alive the delegate that may refuse a member
 * @param ping the delegate that adds to acks and is notified of round-trip times
 */
public record Delegates(
        @Nullable Delegate delegate,
        @Nullable EventDelegate event,
        @Nullable MessageDelegate message,
        @Nullable StateDelegate state,
        @Nullable ConflictDelegate conflict,
        @Nullable MergeDelegate merge,
        @Nullable AliveDelegate alive,
        @Nullable PingDelegate ping) {
    /** Makes the delegates. */
    public static final class Builder {
        private @Nullable Delegate delegate;
        private @Nullable EventDelegate event;
        private @Nullable MessageDelegate message;
        private @Nullable StateDelegate state;
        private @Nullable ConflictDelegate conflict;
        private @Nullable MergeDelegate merge;
        private @Nullable AliveDelegate alive;
        private @Nullable PingDelegate ping;

        Builder() {}

        Builder(Delegates from) {
            delegate = from.delegate;
            event = from.event;
            message = from.message;
            state = from.state;
            conflict = from.conflict;
            merge = from.merge;
            alive = from.alive;
            ping = from.ping;
        }

        /**
         * Sets the delegate for metadata, messages, broadcasts and state in one. A delegate for messages or state alone
         * takes precedence.
         */
        public Builder delegate(@Nullable Delegate delegate) {
            this.delegate = delegate;
            return this;
        }

        /** Sets the delegate that is notified of membership changes. */
        public Builder event(@Nullable EventDelegate event) {
            this.event = event;
            return this;
        }

        /** Sets the delegate that receives user messages. */
        public Builder message(@Nullable MessageDelegate message) {
            this.message = message;
            return this;
        }

        /** Sets the delegate that exchanges application state with every push/pull. */
        public Builder state(@Nullable StateDelegate state) {
            this.state = state;
            return this;
        }

        /** Sets the delegate that is notified of two members with the same name. */
        public Builder conflict(@Nullable ConflictDelegate conflict) {
            this.conflict = conflict;
            return this;
        }

        /** Sets the delegate that may refuse a merge with other members. */
        public Builder merge(@Nullable MergeDelegate merge) {
            this.merge = merge;
            return this;
        }

        /** Sets the delegate that may refuse a member. */
        public Builder alive(@Nullable AliveDelegate alive) {
            this.alive = alive;
            return this;
        }

        /** Sets the delegate that adds to acks and is notified of round-trip times. */
        public Builder ping(@Nullable PingDelegate ping) {
            this.ping = ping;
            return this;
        }

        Delegates build() {
            return new Delegates(delegate, event, message, state, conflict, merge, alive, ping);
        }
    }
}
