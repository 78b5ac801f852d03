package io.memberlist.config;

import java.time.Duration;

/**
 * When a member that fails and comes back again and again counts as degraded. The application is told so once, in place of every
 * failure and return, and what the member says against others needs a confirmation. Others see nothing of it.
 *
 * @param failures how many failures, of which one counts half after the half-life, make a member degraded; 0 for never. A
 *     suspicion that is refuted counts as a third of a failure, of the suspected member or of the one that accused it
 * @param halfLife the time after which a failure counts half. A degraded member is well again when it has been quiet for so long
 * @param failAfter how long a degraded member stays dead before the application is told that it failed
 */
public record FlappingConfig(int failures, Duration halfLife, Duration failAfter) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public FlappingConfig {
        ConfigRules.range("flapping.failures", failures, 0, 1000);
        ConfigRules.positive("flapping.halfLife", halfLife);
        ConfigRules.notNegative("flapping.failAfter", failAfter);
    }

    /** {@return whether members can be degraded} */
    public boolean isOn() {
        return failures > 0;
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private int failures = 2;
        private Duration halfLife = Duration.ofMinutes(2);
        private Duration failAfter = Duration.ofSeconds(30);

        Builder() {}

        Builder(FlappingConfig from) {
            failures = from.failures;
            halfLife = from.halfLife;
            failAfter = from.failAfter;
        }

        /**
         * Sets how many failures make a member degraded, 0 to 1000; 0 for never. A failure counts half after the {@link
         * #halfLife}. A suspicion that is refuted counts as a third of one, of the suspected member or of the one that accused it.
         */
        public Builder failures(int failures) {
            this.failures = failures;
            return this;
        }

        /**
         * Sets the time after which a failure counts half, longer than zero. A degraded member is well again when it has been
         * quiet for so long.
         */
        public Builder halfLife(Duration halfLife) {
            this.halfLife = halfLife;
            return this;
        }

        /** Sets how long a degraded member stays dead before the application is told that it failed, zero or longer. */
        public Builder failAfter(Duration failAfter) {
            this.failAfter = failAfter;
            return this;
        }

        FlappingConfig build() {
            return new FlappingConfig(failures, halfLife, failAfter);
        }
    }
}
