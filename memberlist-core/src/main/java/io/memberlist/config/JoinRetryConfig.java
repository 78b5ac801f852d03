package io.memberlist.config;

import java.time.Duration;

/**
 * When seeds are asked again: while this member is alone, and while a seed has no live member behind it. The pause grows
 * with the time for which the seed has been missing, so that a seed that returns after a while is met within a quarter of
 * that while.
 *
 * @param initialDelay the shortest pause, which also grows with the cluster
 * @param maxDelay the longest pause, after which one of all missing seeds is asked; longer in clusters above 32 members
 */
public record JoinRetryConfig(Duration initialDelay, Duration maxDelay) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public JoinRetryConfig {
        ConfigRules.positive("joinRetry.initialDelay", initialDelay);
        ConfigRules.positive("joinRetry.maxDelay", maxDelay);
        ConfigRules.notAbove("joinRetry.initialDelay", initialDelay, "joinRetry.maxDelay", maxDelay);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private Duration initialDelay = Duration.ofSeconds(1);
        private Duration maxDelay = Duration.ofSeconds(60);

        Builder() {}

        Builder(JoinRetryConfig from) {
            initialDelay = from.initialDelay;
            maxDelay = from.maxDelay;
        }

        /** Sets the shortest pause before a seed is asked again, longer than zero and at most {@link #maxDelay}. */
        public Builder initialDelay(Duration initialDelay) {
            this.initialDelay = initialDelay;
            return this;
        }

        /**
         * Sets the longest pause before a seed is asked again. After it, one of all missing seeds is asked. It becomes
         * longer in clusters above 32 members.
         */
        public Builder maxDelay(Duration maxDelay) {
            this.maxDelay = maxDelay;
            return this;
        }

        JoinRetryConfig build() {
            return new JoinRetryConfig(initialDelay, maxDelay);
        }
    }
}
