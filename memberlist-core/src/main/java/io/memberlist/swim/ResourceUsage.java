package io.memberlist.swim;

/**
 * How much one member holds at a moment, of what must stay bounded. For simulators that watch it.
 *
 * @param members in the member table, in whatever state
 * @param tombstones of members that were forgotten
 * @param broadcasts that wait to be gossiped
 * @param pings that wait for their ack
 * @param reconnects addresses that are tried again now and then
 */
public record ResourceUsage(int members, int tombstones, int broadcasts, int pings, int reconnects) {}
