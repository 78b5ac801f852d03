package io.memberlist.config;

/**
 * The protocol versions that a member speaks: of the cluster, and of the application.
 *
 * @param version the version of the cluster protocol that this member speaks
 * @param delegateMin the lowest version of the application's own protocol that this member understands
 * @param delegateMax the highest version of the application's own protocol that this member understands
 * @param delegateVersion the version of the application's own protocol that this member speaks
 */
public record ProtocolConfig(int version, int delegateMin, int delegateMax, int delegateVersion) {
    /** The lowest version of the cluster protocol that this library speaks. */
    public static final int MIN_VERSION = 1;

    /** The highest version of the cluster protocol that this library speaks. */
    public static final int MAX_VERSION = 5;

    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public ProtocolConfig {
        ConfigRules.range("protocol.version", version, MIN_VERSION, MAX_VERSION);
        ConfigRules.range("protocol.delegateMin", delegateMin, 0, 255);
        ConfigRules.range("protocol.delegateMax", delegateMax, delegateMin, 255);
        ConfigRules.range("protocol.delegateVersion", delegateVersion, delegateMin, delegateMax);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private int version = 2;
        private int delegateMin = 0;
        private int delegateMax = 0;
        private int delegateVersion = 0;

        Builder() {}

        Builder(ProtocolConfig from) {
            version = from.version;
            delegateMin = from.delegateMin;
            delegateMax = from.delegateMax;
            delegateVersion = from.delegateVersion;
        }

        /**
         * Sets the version of the cluster protocol that this member speaks, {@value #MIN_VERSION} to {@value
         * #MAX_VERSION}.
         */
        public Builder version(int version) {
            this.version = version;
            return this;
        }

        /** Sets the lowest version of the application's own protocol that this member understands, 0 to 255. */
        public Builder delegateMin(int delegateMin) {
            this.delegateMin = delegateMin;
            return this;
        }

        /**
         * Sets the highest version of the application's own protocol that this member understands, from the lowest to
         * 255.
         */
        public Builder delegateMax(int delegateMax) {
            this.delegateMax = delegateMax;
            return this;
        }

        /**
         * Sets the version of the application's own protocol that this member speaks, from the lowest to the highest
         * understood.
         */
        public Builder delegateVersion(int delegateVersion) {
            this.delegateVersion = delegateVersion;
            return this;
        }

        ProtocolConfig build() {
            return new ProtocolConfig(version, delegateMin, delegateMax, delegateVersion);
        }
    }
}
