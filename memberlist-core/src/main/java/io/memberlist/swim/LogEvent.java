package io.memberlist.swim;

import org.slf4j.event.Level;

/**
 * What a member logs, save its debug lines: the level says what an operator has to do, the text is that of the Go library
 * where it has one. {@code docs/log.md} explains every line of level WARN and above.
 *
 * <p>ERROR: somebody must act. WARN: something is degraded, or somebody sends what a member must not send. INFO: the life of
 * the cluster. DEBUG: what happens whenever a member crashes.
 *
 * <p>The first place of a text names the member or address that the line is about, unless that is this member itself.
 */
enum LogEvent {
    PACKET_MALFORMED(Level.WARN, "Failed to decode packet from={}: {}"),
    PACKET_CHECKSUM(Level.WARN, "Got invalid checksum for UDP packet from={}: {}"),
    PACKET_DECRYPT(Level.WARN, "Decrypt packet failed from={}: {}"),
    PACKET_COMPRESSION(Level.WARN, "Failed to decompress payload from={}: {}"),
    PACKET_DISCARDED(Level.WARN, "discarding packet from={}: {}"),
    PACKET_BLOCKED(Level.WARN, "Blocked a packet from outside of the allowed networks: from={}"),
    PINGS_IN_PACKET(Level.WARN, "answering only the first of several pings in one packet from={}"),
    STRANGERS_PING(Level.WARN, "not pinging one stranger for another: from={}"),
    TOO_MANY_STRANGERS(Level.WARN, "too many pings of strangers, not answering from={}"),
    PEER_NOT_TRUSTED(Level.WARN, "no TLS connection with {}: {}"),
    CONNECTION_MALFORMED(Level.WARN, "closed a connection from={}: {}"),
    SEND_QUEUE_FULL(Level.WARN, "dropped packets for {}: {}"),
    PACKETS_LOST(Level.DEBUG, "packets for {} were lost: {}"),
    PACKET_NOT_SENT(Level.WARN, "a packet to {} could not be sent: {}"),

    STREAM_REFUSED(Level.WARN, "failed to receive from={}: {}"),
    STREAM_BLOCKED(Level.WARN, "Blocked a stream from outside of the allowed networks: from={}"),
    STREAM_TYPE(Level.WARN, "Received invalid msgType from={}: {}"),
    STREAM_MEMORY(Level.WARN, "too much is held for unfinished streams from={}: {} bytes"),
    STREAM_PING_FOR_ANOTHER(Level.INFO, "Got ping for unexpected node over a stream from={}: {}"),
    STREAM_LATE(Level.DEBUG, "gave up on a stream from={} after {} ms: {} bytes received"),
    STREAM_BROKEN(Level.DEBUG, "a stream broke off from={}: {} bytes received"),

    PING_FOR_ANOTHER(Level.INFO, "Got ping for unexpected node from={}: {}"),
    INDIRECT_PING_ADDRESS(Level.WARN, "indirect ping to no address from={}: {} address bytes"),
    ALIVE_IGNORED(Level.WARN, "Ignoring an alive message for '{}': {}"),
    ALIVE_VETOED(Level.WARN, "ignoring alive message for '{}': {}"),
    PORT_IGNORED(
            Level.WARN,
            "'{}' has the port {}, and is looked for at {}: with {} 1 all members must have the port of this one; set it to"
                    + " 2 or above"),
    CANNOT_BE_REFUTED(Level.WARN, "ignoring news about '{}' that could never be outbid: incarnation {}"),
    NAME_CONFLICT(Level.WARN, "Conflicting address for {}. Mine: {} Theirs: {} Old state: {}"),
    NAME_TAKEN_OVER(Level.INFO, "Updating address for left or failed node {} from {} to {}"),
    NAME_TAKEN(
            Level.WARN,
            "the name '{}' is taken by {}, which answers: this member stays outside until the name is free"),
    NAME_HELD(Level.INFO, "the name '{}' belongs to a process at {} as others know: waiting until it is free"),
    NAME_FREE(Level.INFO, "the name '{}' is free: this member is admitted"),
    ENTRIES_UNREADABLE(
            Level.WARN,
            "left out entries of a push/pull that no member can have from={}: {} without a name or too long"),
    NEWCOMER_UNANSWERED(
            Level.WARN,
            "not taking in '{}', of which a stranger told: it does not answer at {}, by packets or a stream"),
    TOO_MANY_MEMBERS(Level.WARN, "ignoring '{}': limits.maxMembers are known already, {}"),
    LEAVING(Level.INFO, "leaving the cluster of {} members"),
    LEFT_CLUSTER(Level.INFO, "left the cluster: {} of {} other members were told directly, and gossip spreads it"),
    LEAVE_UNHEARD(
            Level.WARN,
            "others may not believe that this member leaves: its incarnation was driven up to {} by forged messages"),
    UNKNOWN_STATE(Level.WARN, "unknown state of {} in a push/pull: {}"),

    SUSPECT_REFUTED(Level.WARN, "Refuting a suspect message (from: {}): incarnation is now {}"),
    DEAD_REFUTED(Level.WARN, "Refuting a dead message (from: {}): incarnation is now {}"),
    FORMER_SELF_REFUTED(Level.INFO, "Refuting what is said of a former process with this name: incarnation is now {}"),

    SUSPECTED(Level.INFO, "Suspect {} has failed, no acks received"),
    FAILED(Level.DEBUG, "Marking {} as failed, suspect timeout reached ({} peer confirmations)"),
    MEMBER_JOINED(Level.INFO, "{} joined; live members: {}"),
    MEMBER_RETURNED(Level.INFO, "{} came back; live members: {}"),
    MEMBER_LEFT(Level.INFO, "{} left; live members: {}"),
    MEMBER_FAILED(Level.INFO, "{} failed; live members: {}"),
    DEGRADED(
            Level.WARN,
            "{} fails and comes back again and again, so it counts as degraded: look at its network and its load"),
    STABILIZED(Level.INFO, "{} is stable again, and no longer degraded"),
    RECONNECTED(Level.INFO, "reconnected to {}"),
    PROBED_BY_STREAM(
            Level.WARN, "Was able to connect to {} over TCP but UDP probes failed, network may be misconfigured"),
    PACKETS_ONLY(
            Level.WARN,
            "{} answers over UDP and not over TCP: push/pulls and reliable messages to it fail, network may be misconfigured"),
    STREAMS_ONLY(
            Level.WARN, "{} answers over TCP and not over UDP: gossip to it is lost, network may be misconfigured"),
    REACHABLE_AGAIN(Level.INFO, "{} answers over UDP and TCP again"),
    NOTHING_ARRIVES(
            Level.WARN,
            "others answer over TCP, but no packet of theirs arrives: UDP to this machine is blocked, or {} does not lead to"
                    + " it"),
    NOBODY_PINGS(
            Level.WARN,
            "others answer this member, and nobody pings it, so they take it for failed: UDP to this machine is blocked, or {}"
                    + " does not lead to it"),
    STREAM_PING_ANSWER(Level.WARN, "Failed fallback TCP ping: {} answered with {}"),

    PUSH_PULL_FAILED(Level.DEBUG, "Push/Pull with {} failed: {}"),
    PUSH_PULLS_FAIL(Level.WARN, "Push/Pull with {} failed {} times in a row, although it answers pings: {}"),
    PUSH_PULL_ANSWER(Level.WARN, "Push/Pull with {} was not answered with its state: {}"),
    MERGE_REFUSED(Level.WARN, "Failed push/pull merge with {}: {}"),
    TOO_MANY_PUSH_PULLS(Level.WARN, "Too many pending push/pull requests from={}: {}"),
    STATE_SLOW(Level.WARN, "the state delegate is too slow; exchanging without its state"),
    STATE_TOO_LARGE(Level.ERROR, "the local state is {} bytes long; the limit is {}: exchanging without it"),

    SEED_MISSING(Level.INFO, "there is no member at the seed {}: {}; it is asked again until there is one"),
    SEED_RETURNED(Level.INFO, "there is a member at the seed {} again"),
    ALONE(Level.WARN, "this member is alone, although it has seeds; found there: {}"),
    SEED_ELSEWHERE(
            Level.WARN,
            "the seed {} is on another machine, which cannot reach this member at the address that it advertises: {}"),

    KEY_WORN(
            Level.WARN,
            "the key {} has encrypted {} messages here, and as many at each of {} members, by estimation; beyond 2^32 in all it is"
                    + " unsafe: rotate the keys of the cluster"),
    MANY_KEYS(
            Level.WARN,
            "{} keys are installed, and a packet that none of them decrypts is tried with each: remove those with which no"
                    + " member encrypts"),

    QUEUE_DEPTH(Level.WARN, "broadcast queue depth: {}; news comes in faster than it goes out"),
    NEWS_TOO_LARGE(Level.WARN, "news about {} fits no packet: {} bytes"),
    BROADCAST_TOO_LARGE(Level.ERROR, "a broadcast of the delegate fits no packet: {} bytes"),
    USER_MESSAGES_BEHIND(Level.WARN, "user messages come in faster than they can be handled: {} wait"),
    APPLICATION_BEHIND(
            Level.WARN, "handler queue full, dropping user messages: {} wait for the application, of {} bytes"),
    EVENTS_COLLAPSED(
            Level.WARN,
            "{} membership events wait for the application, which does not keep up; events that cancel each other out are"
                    + " left out");

    private final Level level;
    private final String text;

    LogEvent(Level level, String text) {
        this.level = level;
        this.text = text;
    }

    Level level() {
        return level;
    }

    /** {@return the text, with a place {@code {}} for each argument} */
    String text() {
        return text;
    }
}
