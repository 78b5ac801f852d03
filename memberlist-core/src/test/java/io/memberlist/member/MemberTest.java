package io.memberlist.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemberTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.7", 7946);
    private static final MemberVersions VERSIONS = new MemberVersions(1, 5, 2, 0, 0, 0);

    @Test
    void metadataIsCopiedOnTheWayInAndOut() {
        byte[] meta = {1, 2};
        Member member = member("a", ADDRESS, meta, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH);
        meta[0] = 9;
        member.meta()[1] = 9;

        assertThat(member.meta()).containsExactly(1, 2);
    }

    @Test
    void showsWhatItWasGiven() {
        Member member =
                member("a", ADDRESS, new byte[] {7}, MemberState.SUSPECT, 4_294_967_295L, VERSIONS, Instant.MAX);

        assertThat(member.name()).isEqualTo("a");
        assertThat(member.address()).isEqualTo(ADDRESS);
        assertThat(member.state()).isEqualTo(MemberState.SUSPECT);
        assertThat(member.incarnation()).isEqualTo(4_294_967_295L);
        assertThat(member.versions()).isEqualTo(VERSIONS);
        assertThat(member.stateSince()).isEqualTo(Instant.MAX);
    }

    @Test
    void equalsOnlyWhatIsEqualInEverything() {
        Member member = member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH);
        Member same = member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH);
        assertThat(member).isEqualTo(same).hasSameHashCodeAs(same);

        InetSocketAddress elsewhere = new InetSocketAddress("10.0.0.8", 7946);
        MemberVersions others = new MemberVersions(1, 5, 3, 0, 0, 0);
        List<Member> different = List.of(
                member("b", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH),
                member("a", elsewhere, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH),
                member("a", ADDRESS, new byte[] {2}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH),
                member("a", ADDRESS, new byte[] {1}, MemberState.DEAD, 1, VERSIONS, Instant.EPOCH),
                member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 2, VERSIONS, Instant.EPOCH),
                member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, others, Instant.EPOCH),
                member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.MAX));
        assertThat(different).doesNotContain(member).doesNotHaveDuplicates();
        assertThat(member).isNotEqualTo("a");
    }

    @Test
    void metadataIsComparedWithoutTheRest() {
        Member member = member("a", ADDRESS, new byte[] {1}, MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH);

        assertThat(member.sameMeta(member("b", ADDRESS, new byte[] {1}, MemberState.DEAD, 2, VERSIONS, Instant.MAX)))
                .isTrue();
        assertThat(member.sameMeta(member("a", ADDRESS, new byte[0], MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH)))
                .isFalse();
    }

    @Test
    void readsWell() {
        assertThat(member("a", ADDRESS, new byte[] {1, (byte) 0xff}, MemberState.ALIVE, 3, VERSIONS, Instant.EPOCH))
                .hasToString("Member[a 10.0.0.7:7946 ALIVE incarnation=3 meta=01ff]");
        InetSocketAddress v6 = new InetSocketAddress("::1", 7946);
        assertThat(member("a", v6, new byte[0], MemberState.LEFT, 3, VERSIONS, Instant.EPOCH))
                .hasToString("Member[a [0:0:0:0:0:0:0:1]:7946 LEFT incarnation=3 meta=]");
    }

    @Test
    void showsTagsUnlessTheyCouldForgeALineOfALog() {
        assertThat(tagged(Map.of("service", "shop", "zone", "München")))
                .hasToString("Member[a 10.0.0.7:7946 ALIVE incarnation=3 tags={service=shop, zone=München}]");
        assertThat(tagged(Map.of("zone", "x\n2026 ERROR forged")).toString())
                .contains(" meta=")
                .doesNotContain("\n");
        assertThat(tagged(Map.of("zone", "x\u202e")).toString()).contains(" meta=");
    }

    private static Member tagged(Map<String, String> tags) {
        return member("a", ADDRESS, MemberTags.encode(tags), MemberState.ALIVE, 3, VERSIONS, Instant.EPOCH);
    }

    @Test
    void needsAResolvedAddress() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("db.example.org", 7946);
        assertThatThrownBy(() -> member("a", unresolved, new byte[0], MemberState.ALIVE, 1, VERSIONS, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("db.example.org")
                .hasMessageContaining("resolve");
    }

    @ParameterizedTest
    @EnumSource
    void aliveAndSuspectedMembersAreLive(MemberState state) {
        assertThat(state.isLive()).isEqualTo(state == MemberState.ALIVE || state == MemberState.SUSPECT);
    }

    private static Member member(
            String name,
            InetSocketAddress address,
            byte[] meta,
            MemberState state,
            long incarnation,
            MemberVersions versions,
            Instant since) {
        return new Member(name, address, meta, state, incarnation, versions, since);
    }
}
