package io.memberlist.transport;

import java.security.SecureRandom;

/** The random source of all loops that have none of their own; made when it is first used. */
final class Unguessable {
    static final SecureRandom SOURCE = new SecureRandom();

    private Unguessable() {}
}
