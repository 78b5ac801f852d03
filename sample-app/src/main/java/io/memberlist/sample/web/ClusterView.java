package io.memberlist.sample.web;

import io.memberlist.sample.companions.DisseminationTracker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The view of the cluster that the page shows.
 *
 * @param local the name of the member that answers
 * @param running whether it takes part in the protocol
 * @param left whether it has left
 * @param live how many members are alive or suspected
 * @param health the local health score of the member that answers
 * @param label the label of the cluster, empty for none
 * @param keys fingerprints of the member's keys, the primary's first; empty without encryption
 * @param companions whether this JVM runs a cluster of its own
 * @param cut whether the network is cut
 * @param lossPercent how many of a hundred packets get lost
 * @param members all known members and all that run in this JVM, in the order of the ring
 * @param views the states of the others in the eyes of each member of this JVM, by name
 * @param news the dissemination of updates, the newest first
 * @param unavailable the reasons why actions are impossible, by action
 */
record ClusterView(
        String local,
        boolean running,
        boolean left,
        int live,
        int health,
        String label,
        List<String> keys,
        boolean companions,
        boolean cut,
        int lossPercent,
        List<MemberView> members,
        Map<String, Map<String, String>> views,
        List<DisseminationTracker.Item> news,
        Map<String, String> unavailable) {

    /**
     * One member.
     *
     * @param name its name
     * @param address its address with the port
     * @param state what the member that answers believes: alive, suspect, dead or left; unknown if it has forgotten a
     *     member that runs in this JVM
     * @param since when it entered the state, null if that is unknown
     * @param deadAt when it is declared dead unless it refutes, null if it is not suspected
     * @param incarnation its incarnation
     * @param tags its tags
     * @param meta its metadata as text if it has no tags, null if that is empty or no text
     * @param roundTripMillis the last round trip measured to it by a member of this JVM, null for none yet
     * @param health its local health score, null if it runs elsewhere
     * @param key the fingerprint of the key it encrypts with, null if it runs elsewhere or does not encrypt
     * @param truth what is certain: running or paused in this JVM, stopped or killed, or elsewhere
     * @param otherSide whether it is cut off
     * @param pid its process ID, null if it tells none
     * @param page where the page of its process is, null if it tells none
     * @param untouchable why it cannot be stopped, killed or paused; null if it can
     * @param untaggable why its tags cannot be changed; null if they can
     */
    record MemberView(
            String name,
            String address,
            String state,
            @Nullable Instant since,
            @Nullable Instant deadAt,
            long incarnation,
            Map<String, String> tags,
            @Nullable String meta,
            @Nullable Double roundTripMillis,
            @Nullable Integer health,
            @Nullable String key,
            String truth,
            boolean otherSide,
            @Nullable String pid,
            @Nullable String page,
            @Nullable String untouchable,
            @Nullable String untaggable) {}
}
