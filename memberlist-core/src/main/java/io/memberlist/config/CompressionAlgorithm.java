package io.memberlist.config;

/** How a member compresses what it sends. Every member of this library reads both. */
public enum CompressionAlgorithm {
    /** LZW, which every member of the Go library reads. */
    LZW,
    /**
     * Snappy, which takes less of the processor, and makes packets smaller and large messages larger than LZW does. Besides
     * members of this library, only those on Grafana's fork of the Go library read it: the Go library itself drops such
     * packets, and refuses such streams.
     */
    SNAPPY
}
