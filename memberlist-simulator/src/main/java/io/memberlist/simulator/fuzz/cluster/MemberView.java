package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.simulator.fuzz.check.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The members that one process knows. Reports each change as an observation. */
final class MemberView {
    private final SimulatedCluster cluster;
    private final Map<String, Member> members = new HashMap<>();
    /** Members that were removed from the table, as they were seen last. */
    private final Map<String, Member> forgotten = new HashMap<>();

    private long revision = -1;

    MemberView(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    Map<String, Member> members() {
        return members;
    }

    /** {@return whether the last that the process knew of a member is that it has left} */
    boolean believesLeft(String name) {
        Member known = members.containsKey(name) ? members.get(name) : forgotten.get(name);
        return known != null && known.state() == MemberState.LEFT;
    }

    /** Compares with what the process knows now. {@return whether anything changed} */
    boolean update(Memberlist member, String process) {
        long now = SimulatorAccess.revision(member);
        if (now == revision) {
            return false;
        }
        revision = now;
        List<Member> all = member.allMembers();
        for (Member known : all) {
            Member before = members.put(known.name(), known);
            if (before != known) {
                cluster.observe(new Observation.MemberChanged(process, known.name(), known));
            }
        }
        if (members.size() > all.size()) {
            Set<String> gone = new TreeSet<>(members.keySet());
            all.forEach(known -> gone.remove(known.name()));
            gone.forEach(name -> {
                forgotten.put(name, members.remove(name));
                cluster.observe(new Observation.MemberChanged(process, name, null));
            });
        }
        return true;
    }
}
