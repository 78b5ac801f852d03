package io.memberlist.member;

/**
 * The protocol and delegate versions that a member understands and speaks. All are unsigned bytes, 0 to 255.
 *
 * @param protocolMin the lowest protocol version understood
 * @param protocolMax the highest protocol version understood
 * @param protocolCurrent the protocol version spoken
 * @param delegateMin the lowest version of the application's own protocol understood
 * @param delegateMax the highest version of the application's own protocol understood
 * @param delegateCurrent the version of the application's own protocol spoken
 */
public record MemberVersions(
        int protocolMin, int protocolMax, int protocolCurrent, int delegateMin, int delegateMax, int delegateCurrent) {}
