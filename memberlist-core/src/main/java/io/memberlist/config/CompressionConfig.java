package io.memberlist.config;

/**
 * How messages are compressed. What arrives is read in any case, however it is compressed.
 *
 * @param enabled whether packets are compressed where that makes them smaller, and messages on streams always
 * @param algorithm the algorithm for what is sent
 */
public record CompressionConfig(boolean enabled, CompressionAlgorithm algorithm) {
    /** Makes these settings, which have no bounds. */
    public static final class Builder {
        private boolean enabled = true;
        private CompressionAlgorithm algorithm = CompressionAlgorithm.LZW;

        Builder() {}

        Builder(CompressionConfig from) {
            enabled = from.enabled;
            algorithm = from.algorithm;
        }

        /**
         * Sets whether packets are compressed where that makes them smaller, and messages on streams always. A member reads
         * compressed messages in any case.
         */
        public Builder enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }

        /**
         * Sets the algorithm for what is sent: LZW by default. All members of the cluster must be able to read it, and need not
         * send it.
         */
        public Builder algorithm(CompressionAlgorithm algorithm) {
            this.algorithm = algorithm;
            return this;
        }

        CompressionConfig build() {
            return new CompressionConfig(enabled, algorithm);
        }
    }
}
