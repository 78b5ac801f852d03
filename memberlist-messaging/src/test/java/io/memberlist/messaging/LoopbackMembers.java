package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Starts many members in this JVM on loopback, for programs that measure. */
final class LoopbackMembers {
    private LoopbackMembers() {}

    /** {@return members named {@code node-0} and so on, which all know each other} */
    static List<Memberlist> start(int count, Consumer<MemberlistConfigBuilder> settings) throws Exception {
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemberlistConfigBuilder config = MemberlistConfig.lan()
                    .nodeName("node-" + i)
                    .network(n -> n.bindAddress("127.0.0.1").bindPort(0));
            RecordingSubscriber.messaging(config);
            settings.accept(config);
            members.add(Memberlist.create(config.build()));
        }
        String seed = "127.0.0.1:" + members.get(0).localMember().address().getPort();
        for (Memberlist member : members.subList(1, count)) {
            member.join(seed).get(30, TimeUnit.SECONDS);
        }
        while (!members.stream().allMatch(member -> member.numMembers() == count)) {
            LockSupport.parkNanos(5_000_000);
        }
        return members;
    }
}
