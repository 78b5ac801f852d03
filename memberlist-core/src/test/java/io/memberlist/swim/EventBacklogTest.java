package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBacklogTest {
    private final EventBacklog backlog = new EventBacklog();

    @ParameterizedTest
    @CsvSource({
        "JOINED, JOINED",
        "JOINED UPDATED UPDATED, JOINED",
        "UPDATED UPDATED, UPDATED",
        "SUSPECTED RECOVERED, ''",
        "RECOVERED SUSPECTED, ''",
        "SUSPECTED FAILED, FAILED",
        "UPDATED LEFT, LEFT",
        "RECOVERED UPDATED SUSPECTED FAILED, FAILED",
        "JOINED LEFT, ''",
        "JOINED SUSPECTED FAILED, ''",
        "FAILED JOINED, FAILED JOINED",
        "FAILED JOINED UPDATED, FAILED JOINED",
        "FAILED JOINED LEFT, LEFT",
        "FAILED JOINED SUSPECTED RECOVERED LEFT JOINED SUSPECTED, LEFT JOINED SUSPECTED",
        "UPDATED SUSPECTED RECOVERED UPDATED, UPDATED",
        "SUSPECTED DEGRADED STABILIZED, SUSPECTED STABILIZED",
        "STABILIZED DEGRADED, ''",
        "DEGRADED FAILED, FAILED",
        "FAILED DEGRADED JOINED, FAILED DEGRADED JOINED",
        "FAILED DEGRADED JOINED FAILED, FAILED",
        "JOINED DEGRADED LEFT, ''"
    })
    void whatCameToNothingIsLeftOut(String happened, String told) {
        List<Type> types = happened.isEmpty()
                ? List.of()
                : Arrays.stream(happened.split(" ")).map(Type::valueOf).toList();
        int leftOut = 0;
        for (int i = 0; i < types.size(); i++) {
            leftOut += backlog.add(event(types.get(i), "m", i));
        }
        List<MemberEvent> all = backlog.takeAll();

        assertThat(all.stream().map(event -> Type.of(event).name()))
                .containsExactly(told.isEmpty() ? new String[0] : told.split(" "));
        assertThat(leftOut).isEqualTo(types.size() - all.size());
        assertThat(backlog.takeAll()).isEmpty();
    }

    @Test
    void theLatestMetadataIsTold() {
        backlog.add(event(Type.JOINED, "m", 1));
        backlog.add(event(Type.UPDATED, "m", 2));

        assertThat(backlog.takeAll())
                .extracting(event -> event.member().meta()[0])
                .containsExactly((byte) 2);
    }

    @Test
    void whateverHappensWhatIsToldCouldHaveHappenedAndEndsWithWhatIsTrue() {
        Random random = new Random(5);
        for (int run = 0; run < 2_000; run++) {
            MemberState told = MemberState.values()[random.nextInt(4)];
            MemberState state = told;
            for (int i = random.nextInt(40); i > 0; i--) {
                Type next = anythingAfter(state, random);
                state = after(state, next);
                backlog.add(event(next, "m", i));
            }
            List<MemberEvent> all = new ArrayList<>(backlog.takeAll());
            assertThat(all).hasSizeLessThanOrEqualTo(3);
            for (MemberEvent event : all) {
                told = after(told, Type.of(event));
            }
            if (state.isLive() || told.isLive()) {
                assertThat(told).isEqualTo(state);
            }
        }
    }

    private static Type anythingAfter(MemberState state, Random random) {
        List<Type> possible =
                switch (state) {
                    case ALIVE -> List.of(Type.SUSPECTED, Type.UPDATED, Type.FAILED, Type.LEFT);
                    case SUSPECT -> List.of(Type.RECOVERED, Type.FAILED, Type.LEFT);
                    case DEAD, LEFT -> List.of(Type.JOINED);
                };
        return possible.get(random.nextInt(possible.size()));
    }

    private static MemberState after(MemberState state, Type type) {
        boolean possible =
                switch (type) {
                    case JOINED -> !state.isLive();
                    case SUSPECTED -> state == MemberState.ALIVE;
                    case RECOVERED -> state == MemberState.SUSPECT;
                    case UPDATED -> state == MemberState.ALIVE;
                    case FAILED, LEFT, DEGRADED, STABILIZED -> state.isLive();
                };
        assertThat(possible).as(type + " after " + state).isTrue();
        return switch (type) {
            case JOINED, RECOVERED, UPDATED -> MemberState.ALIVE;
            case SUSPECTED -> MemberState.SUSPECT;
            case FAILED -> MemberState.DEAD;
            case LEFT -> MemberState.LEFT;
            case DEGRADED, STABILIZED -> state;
        };
    }

    static MemberEvent event(Type type, String name, int meta) {
        Member member = new Member(
                name,
                new InetSocketAddress("10.0.0.1", 7946),
                new byte[] {(byte) meta},
                MemberState.ALIVE,
                1,
                Versions.of(new byte[] {1, 5, 2, 0, 0, 0}),
                Instant.EPOCH);
        return type.kind.apply(member);
    }

    /** The kinds of events about members, by name. */
    enum Type {
        JOINED(MemberEvent.Joined::new),
        SUSPECTED(MemberEvent.Suspected::new),
        RECOVERED(MemberEvent.Recovered::new),
        FAILED(MemberEvent.Failed::new),
        LEFT(MemberEvent.Left::new),
        UPDATED(MemberEvent.Updated::new),
        DEGRADED(MemberEvent.Degraded::new),
        STABILIZED(MemberEvent.Stabilized::new);

        private final Function<Member, MemberEvent> kind;

        Type(Function<Member, MemberEvent> kind) {
            this.kind = kind;
        }

        static Type of(MemberEvent event) {
            return valueOf(EventRecorder.kind(event).toUpperCase(Locale.ROOT));
        }
    }
}
