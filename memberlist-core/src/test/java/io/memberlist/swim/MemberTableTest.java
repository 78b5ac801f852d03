package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberTableTest {
    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 7);
    private final MemberTable table = new MemberTable(loop);

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3", "5, 3", "8, 3", "9, 3", "10, 3", "100, 3", "30, 10", "29, 10"})
    void picksSoManyDifferentMembers(int members, int k) {
        fill(members);
        for (int i = 0; i < 200; i++) {
            assertThat(table.random(k, record -> true)).hasSize(k).doesNotHaveDuplicates();
        }
    }

    @Test
    void picksAllOfThemWhereThereAreFewer() {
        fill(2);

        assertThat(names(table.random(3, record -> true))).containsExactlyInAnyOrder("m0", "m1");
    }

    @Test
    void picksNobodyWhereNobodyIsAskedForOrKnown() {
        assertThat(table.random(3, record -> true)).isEmpty();
        fill(5);

        assertThat(table.random(0, record -> true)).isEmpty();
        assertThat(table.random(3, record -> false)).isEmpty();
    }

    @Test
    void picksNobodyWhoIsExcluded() {
        fill(50);
        for (int i = 0; i < 200; i++) {
            assertThat(names(table.random(3, record -> !record.name().equals("m7"))))
                    .doesNotContain("m7")
                    .hasSize(3);
        }
    }

    @Test
    void knowsTheFailedApart() {
        fill(5);
        enter("m2", MemberState.DEAD);
        enter("m3", MemberState.LEFT);
        enter("m4", MemberState.DEAD);
        assertThat(table.failed()).extracting(MemberRecord::name).containsExactly("m2", "m4");

        enter("m2", MemberState.ALIVE);
        table.removeIf(record -> record.name().equals("m4"));
        assertThat(table.failed()).isEmpty();
    }

    @Test
    void missesNobodyInASmallTable() {
        fill(8);
        for (int i = 0; i < 500; i++) {
            assertThat(names(table.random(3, record -> record.name().equals("m5"))))
                    .containsExactly("m5");
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 3", "40, 3"})
    void picksEvenly(int members, int k) {
        fill(members);
        Map<String, Integer> picked = new HashMap<>();
        int rounds = 10_000;
        for (int i = 0; i < rounds; i++) {
            table.random(k, record -> true).forEach(record -> picked.merge(record.name(), 1, Integer::sum));
        }

        int expected = rounds * k / members;
        assertThat(picked).hasSize(members);
        assertThat(picked.values())
                .allSatisfy(times -> assertThat(times).isBetween(expected * 8 / 10, expected * 12 / 10));
    }

    @Test
    void addsAtARandomPlace() {
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            MemberTable fresh = new MemberTable(loop);
            for (int m = 0; m < 5; m++) {
                fresh.add(record("m" + m));
            }
            places.add(names(fresh.records()).indexOf("m4"));
        }

        assertThat(places).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void keepsEverybodyWhileAddingAndShuffling() {
        fill(20);
        List<String> before = names(table.records());
        table.shuffle();

        assertThat(names(table.records()))
                .containsExactlyInAnyOrderElementsOf(before)
                .isNotEqualTo(before);
        assertThat(table.size()).isEqualTo(20);
        for (int i = 0; i < 20; i++) {
            assertThat(table.get("m" + i)).isNotNull();
            assertThat(before).contains(table.at(i).name());
        }
        assertThat(table.get("nobody")).isNull();
    }

    @Test
    void removesEverywhereAndStopsTheSuspicion() {
        fill(6);
        List<Integer> verdicts = new ArrayList<>();
        MemberRecord gone = table.get("m2");
        assertThat(gone).isNotNull();
        gone.suspect(new Suspicion(loop, "m0", new Suspicion.Timeout(0, 1_000, 1_000), verdicts::add));
        table.removeIf(record -> record == gone);
        time.run(Duration.ofSeconds(1));

        assertThat(table.get("m2")).isNull();
        assertThat(table.published("m2")).isNull();
        assertThat(names(table.records())).hasSize(5).doesNotContain("m2");
        assertThat(table.published()).extracting(Member::name).hasSize(5).doesNotContain("m2");
        assertThat(verdicts).isEmpty();
    }

    @Test
    void othersSeeChangesWhenTheyArePublished() {
        fill(1);
        MemberRecord record = table.at(0);
        record.enter(MemberState.DEAD, 5, Instant.EPOCH);
        assertThat(table.published("m0")).extracting(Member::state).isEqualTo(MemberState.ALIVE);

        table.publish(record);
        assertThat(table.published("m0")).extracting(Member::state).isEqualTo(MemberState.DEAD);
    }

    /** Somebody may have told of another one at the address of a member. */
    @Test
    void findsAMemberAtItsAddressAgainWhenAnotherOneThereHasEnded() {
        fill(2);
        InetSocketAddress address = table.at(0).address();
        assertThat(table.live(address)).extracting(MemberRecord::name).isEqualTo("m1");

        enter("m1", MemberState.DEAD);
        enter("m0", MemberState.SUSPECT);

        assertThat(table.live(address)).extracting(MemberRecord::name).isEqualTo("m0");
        assertThat(table.live()).isEqualTo(1);
    }

    @Test
    void countsTheLiveOnes() {
        fill(4);
        enter("m0", MemberState.SUSPECT);
        enter("m1", MemberState.DEAD);
        enter("m2", MemberState.LEFT);

        assertThat(table.live()).isEqualTo(2);
        assertThat(table.size()).isEqualTo(4);

        table.removeIf(record -> !record.name().equals("m3"));
        assertThat(table.live()).isEqualTo(1);
    }

    @Test
    void theLiveOnesAreOneListUntilSomethingChanges() {
        fill(3);
        List<Member> before = table.publishedLive();
        assertThat(before).extracting(Member::name).containsExactlyInAnyOrder("m0", "m1", "m2");
        assertThat(table.publishedLive()).isSameAs(before);

        enter("m1", MemberState.DEAD);
        assertThat(table.publishedLive()).extracting(Member::name).containsExactlyInAnyOrder("m0", "m2");
        assertThat(before).hasSize(3);
    }

    private void fill(int members) {
        for (int i = 0; i < members; i++) {
            table.add(record("m" + i));
        }
    }

    static MemberRecord record(String name) {
        Alive news = new Alive(1, name, new byte[] {127, 0, 0, 1}, 7946, new byte[0], new byte[] {1, 5, 2, 0, 0, 0});
        return new MemberRecord(news, MemberState.ALIVE, 0, Instant.EPOCH);
    }

    private static List<String> names(List<MemberRecord> records) {
        return records.stream().map(MemberRecord::name).toList();
    }

    private void enter(String name, MemberState state) {
        MemberRecord record = java.util.Objects.requireNonNull(table.get(name));
        record.enter(state, loop.nanoTime(), loop.wallClock());
        table.publish(record);
    }
}
