package io.memberlist.config;

import java.time.Duration;

/**
 * How a member exchanges its whole state with others (push/pull): with live members now and then, and with failed members
 * in order to find them again.
 *
 * @param interval the time between push/pulls, longer in clusters above 32 members; zero for none
 * @param reconnectInterval how often failed members are contacted again: each member contacts each of them once in two and
 *     a half times as long, and less often in clusters above 32 members; zero for never, and for seeds that are asked only until
 *     this member has met another one
 * @param reconnectTimeout how long failed members are contacted again, and how long it is remembered what was known of a
 *     failed member, so that no older news brings it back
 */
public record StateSyncConfig(Duration interval, Duration reconnectInterval, Duration reconnectTimeout) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public StateSyncConfig {
        ConfigRules.notNegative("stateSync.interval", interval);
        ConfigRules.notNegative("stateSync.reconnectInterval", reconnectInterval);
        ConfigRules.notNegative("stateSync.reconnectTimeout", reconnectTimeout);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private Duration interval = Duration.ofSeconds(30);
        private Duration reconnectInterval = Duration.ofSeconds(30);
        private Duration reconnectTimeout = Duration.ofHours(24);

        Builder() {}

        Builder(StateSyncConfig from) {
            interval = from.interval;
            reconnectInterval = from.reconnectInterval;
            reconnectTimeout = from.reconnectTimeout;
        }

        /**
         * Sets the time between push/pulls, which becomes longer in clusters above 32 members. Zero means none.
         */
        public Builder interval(Duration interval) {
            this.interval = interval;
            return this;
        }

        /**
         * Sets how often failed members are contacted again. Each member contacts each of them once in two and a half times
         * as long, at a moment that no other has, and less often in clusters above 32 members. Zero means never, and that seeds are asked
         * only until this member has met another one ({@link JoinRetryConfig}).
         */
        public Builder reconnectInterval(Duration reconnectInterval) {
            this.reconnectInterval = reconnectInterval;
            return this;
        }

        /**
         * Sets how long failed members are contacted again, and how long it is remembered what was known of a failed
         * member, so that no older news brings it back.
         */
        public Builder reconnectTimeout(Duration reconnectTimeout) {
            this.reconnectTimeout = reconnectTimeout;
            return this;
        }

        StateSyncConfig build() {
            return new StateSyncConfig(interval, reconnectInterval, reconnectTimeout);
        }
    }
}
