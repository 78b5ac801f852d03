package io.memberlist.spring;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.lenient;
import static org.mockito.Mockito.mock;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.metrics.MemberlistStatistics;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Members and engines for tests that need no network. */
public final class TestMembers {
    private TestMembers() {}

    public static Member member(String name, MemberState state, String meta) {
        return member(name, state, meta.getBytes(StandardCharsets.UTF_8));
    }

    public static Member member(String name, MemberState state, byte[] meta) {
        return new Member(
                name,
                new InetSocketAddress("10.0.0.1", 7946),
                meta,
                state,
                3,
                new MemberVersions(1, 5, 2, 0, 0, 0),
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    /** An engine that knows these members, of which the first is the local one, and reaches every seed. */
    public static Memberlist engine(Member self, Member... others) {
        return engine(MemberlistConfig.local().nodeName(self.name()).build(), self, others);
    }

    public static Memberlist engine(MemberlistConfig config, Member self, Member... others) {
        Memberlist engine = mock(Memberlist.class);
        List<Member> all = new ArrayList<>(List.of(others));
        all.add(0, self);
        List<Member> live = all.stream().filter(it -> it.state().isLive()).toList();
        lenient().when(engine.config()).thenReturn(config);
        lenient().when(engine.localMember()).thenReturn(self);
        lenient().when(engine.allMembers()).thenReturn(all);
        lenient().when(engine.members()).thenReturn(live);
        lenient().when(engine.numMembers()).thenReturn(live.size());
        lenient().when(engine.isRunning()).thenReturn(true);
        lenient().when(engine.transport()).thenReturn("udp");
        lenient().when(engine.hasLeft()).thenReturn(self.state() == MemberState.LEFT);
        all.forEach(it -> lenient().when(engine.member(it.name())).thenReturn(Optional.of(it)));
        lenient()
                .when(engine.join(anyCollection()))
                .thenReturn(CompletableFuture.completedFuture(new JoinResult(List.of("10.0.0.9:7946"), Map.of())));
        lenient().when(engine.leave(any())).thenReturn(CompletableFuture.completedFuture(null));
        lenient().when(engine.shutdown()).thenReturn(CompletableFuture.completedFuture(null));
        lenient()
                .when(engine.statistics())
                .thenReturn(new MemberlistStatistics(
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        13,
                        7,
                        8,
                        11,
                        12,
                        13,
                        Duration.ofMillis(14),
                        15,
                        16,
                        17,
                        Duration.ofMillis(18),
                        19,
                        20,
                        9,
                        21,
                        Map.of("malformed", 10L)));
        return engine;
    }
}
