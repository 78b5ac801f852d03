package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table: every state of a member, and every state that a message may claim. */
class MemberTransitionTest {
    @ParameterizedTest
    @CsvSource({
        ",        JOIN,    IGNORE,            IGNORE,            IGNORE",
        "ALIVE,   UPDATE,  SUSPECT,           FAIL,              LEAVE",
        "SUSPECT, RECOVER, CONFIRM,           FAIL,              LEAVE",
        "DEAD,    JOIN,    RAISE_INCARNATION, RAISE_INCARNATION, RAISE_INCARNATION",
        "LEFT,    JOIN,    RAISE_INCARNATION, RAISE_INCARNATION, RAISE_INCARNATION"
    })
    void isWhatTheTableSays(
            @Nullable MemberState known,
            MemberChanges.Transition alive,
            MemberChanges.Transition suspect,
            MemberChanges.Transition dead,
            MemberChanges.Transition left) {
        assertThat(MemberChanges.Transition.of(known, MemberState.ALIVE)).isEqualTo(alive);
        assertThat(MemberChanges.Transition.of(known, MemberState.SUSPECT)).isEqualTo(suspect);
        assertThat(MemberChanges.Transition.of(known, MemberState.DEAD)).isEqualTo(dead);
        assertThat(MemberChanges.Transition.of(known, MemberState.LEFT)).isEqualTo(left);
    }

    static Stream<Arguments> everyPair() {
        return Arrays.stream(MemberState.values())
                .flatMap(known -> Arrays.stream(MemberState.values()).map(claimed -> Arguments.of(known, claimed)));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void noTransitionLeadsFromOneEndToAnotherOrFromAnEndToASuspicion(MemberState known, MemberState claimed) {
        MemberRecord record = MemberTableTest.record("m");
        record.enter(known, 0, Instant.EPOCH);
        MemberState next = MemberChanges.Transition.of(known, claimed).next;

        if (next != null) {
            record.enter(next, 1, Instant.EPOCH);
            assertThat(next).isEqualTo(claimed);
        }
        assertThat(known.isLive() || record.state() == known || record.state() == MemberState.ALIVE)
                .as("%s becomes %s", known, record.state())
                .isTrue();
    }

    @Test
    void everyEventHasOneTransition() {
        Member member = MemberTableTest.record("m").view();

        assertThat(Arrays.stream(MemberChanges.Transition.values())
                        .map(transition -> transition.event)
                        .filter(Objects::nonNull)
                        .map(event -> event.apply(member)))
                .containsExactlyInAnyOrder(
                        new MemberEvent.Joined(member),
                        new MemberEvent.Recovered(member),
                        new MemberEvent.Suspected(member),
                        new MemberEvent.Failed(member),
                        new MemberEvent.Left(member));
    }
}
