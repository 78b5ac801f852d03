package io.memberlist.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Member;
import io.memberlist.MemberState;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.actuate.MembersEndpoint.MembersDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MembersEndpointTest {
    private final Member self = TestMembers.member("b", MemberState.ALIVE, "hello");
    private final Member other = TestMembers.member("a", MemberState.SUSPECT, new byte[] {(byte) 0xff, 1});
    private final Member gone = TestMembers.member("c", MemberState.LEFT, "");
    private final MembersEndpoint endpoint = new MembersEndpoint(TestMembers.engine(self, gone, other));

    @Test
    void showsEveryMemberByName() {
        MembersDescriptor members = endpoint.members();

        assertThat(members.local().name()).isEqualTo("b");
        assertThat(members.left()).isFalse();
        assertThat(members.live()).isEqualTo(2);
        assertThat(members.healthScore()).isZero();
        assertThat(members.members()).extracting(MemberDescriptor::name).containsExactly("a", "b", "c");
        assertThat(members.members()).extracting(MemberDescriptor::state).containsExactly("suspect", "alive", "left");
    }

    @Test
    void showsOneMember() {
        MemberDescriptor member = endpoint.member("b");

        assertThat(member).isNotNull();
        assertThat(member.address()).isEqualTo("10.0.0.1");
        assertThat(member.port()).isEqualTo(7946);
        assertThat(member.incarnation()).isEqualTo(3);
        assertThat(member.since()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(member.versions().protocolMax()).isEqualTo(5);
        assertThat(endpoint.member("nobody")).isNull();
    }

    @Test
    void showsMetadataAsTextOnlyWhereItIsText() {
        assertThat(meta("grün".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new MemberDescriptor.Meta("grün", "Z3LDvG4="));
        assertThat(meta(new byte[] {(byte) 0xff, 1})).isEqualTo(new MemberDescriptor.Meta(null, "/wE="));
        assertThat(meta(new byte[] {'a', 0})).isEqualTo(new MemberDescriptor.Meta(null, "YQA="));
        assertThat(meta(new byte[0])).isEqualTo(new MemberDescriptor.Meta("", ""));
    }

    @Test
    void isWrittenAsJson() {
        JsonNode json = JsonMapper.builder().build().valueToTree(endpoint.members());

        assertThat(json.at("/local/name").asString()).isEqualTo("b");
        assertThat(json.at("/members/1/meta/text").asString()).isEqualTo("hello");
        assertThat(json.at("/members/1/since").asString()).isEqualTo("2026-01-02T03:04:05Z");
    }

    private static MemberDescriptor.Meta meta(byte[] bytes) {
        return MemberDescriptor.of(TestMembers.member("x", MemberState.ALIVE, bytes))
                .meta();
    }
}
