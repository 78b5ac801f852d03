package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.member.Member;
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
    private long revision = -1;

    MemberView(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    void clear() {
        members.clear();
        revision = -1;
    }

    Map<String, Member> members() {
        return members;
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
                members.remove(name);
                cluster.observe(new Observation.MemberChanged(process, name, null));
            });
        }
        return true;
    }
}
