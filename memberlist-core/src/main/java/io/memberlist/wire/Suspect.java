package io.memberlist.wire;

/**
 * News: a member is suspected to have failed.
 *
 * @param incarnation the incarnation that is suspected
 * @param node who is suspected
 * @param from who suspects
 */
public record Suspect(long incarnation, String node, String from) implements Message {}
