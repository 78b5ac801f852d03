package io.memberlist.wire;

/**
 * Whom to answer: sent with pings so that the answer finds its way where the packet's source address would not.
 *
 * @param address 4 or 16 address bytes
 * @param port 1 to 65535
 * @param node the asking member's name; may be empty
 */
public record Source(byte[] address, int port, String node) {}
