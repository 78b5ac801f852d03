package io.memberlist.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.boot.actuate.MembersEndpoint.MembersDescriptor;
import io.memberlist.transport.TransportSecurity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MembersEndpointTest {
    private final Member self = TestMembers.member("b", MemberState.ALIVE, "hello");
    private final Member other = TestMembers.member("a", MemberState.SUSPECT, new byte[] {(byte) 0xff, 1});
    private final Member gone = TestMembers.member("c", MemberState.LEFT, "");
    private final Memberlist engine = TestMembers.engine(self, gone, other);
    private final MembersEndpoint endpoint = new MembersEndpoint(engine, Duration.ofSeconds(7));

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
        assertThat(member.stateAge()).isPositive();
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

    @Test
    void showsTheTransportAndItsTls() {
        assertThat(endpoint.members().transport()).isEqualTo(new TransportDescriptor("udp", null, null));

        Instant end = Instant.parse("2026-12-01T00:00:00Z");
        when(engine.transport()).thenReturn("tls");
        when(engine.transportSecurity()).thenReturn(Optional.of(new TransportSecurity("", end)));
        assertThat(endpoint.members().transport()).isEqualTo(new TransportDescriptor("tls", null, end));

        when(engine.transportSecurity()).thenReturn(Optional.of(new TransportSecurity("TLSv1.3", end)));
        JsonNode json = JsonMapper.builder().build().valueToTree(endpoint.members());
        assertThat(json.at("/transport/type").asString()).isEqualTo("tls");
        assertThat(json.at("/transport/tls").asString()).isEqualTo("TLSv1.3");
        assertThat(json.at("/transport/certificateExpiresAt").asString()).isEqualTo("2026-12-01T00:00:00Z");
    }

    @Test
    void showsTags() {
        Member tagged = TestMembers.member("x", MemberState.ALIVE, MemberTags.encode(Map.of("role", "web")));

        assertThat(MemberDescriptor.of(tagged).tags()).containsExactly(Map.entry("role", "web"));
        assertThat(MemberDescriptor.of(self).tags()).isEmpty();
    }

    @Test
    void showsHowTheMemberFares() {
        MembersDescriptor plain = endpoint.members();

        assertThat(plain.running()).isTrue();
        assertThat(plain.label()).isEmpty();
        assertThat(plain.queuedBroadcasts()).isEqualTo(9);
        assertThat(plain.queuedMessages()).isEqualTo(21);
        assertThat(plain.drops()).containsExactly(Map.entry("malformed", 10L));
        assertThat(plain.encryption()).isEqualTo(new MembersEndpoint.Encryption(false, false, false, List.of()));
    }

    @Test
    void showsWhyTheMemberIsNotWhereItShouldBeAsHealthDoes() {
        assertThat(endpoint.members().nameConflict()).isNull();
        assertThat(endpoint.members().addressProblem()).isNull();
        assertThat(endpoint.members().missingSeeds()).isEmpty();
        NameConflict conflict = new NameConflict("b", new InetSocketAddress("10.0.0.9", 7946), true, Instant.EPOCH);
        when(engine.nameConflict()).thenReturn(Optional.of(conflict));
        when(engine.addressProblem()).thenReturn(Optional.of("the cable is out"));
        when(engine.missingSeeds()).thenReturn(List.of(new MissingSeed("10.0.0.7", "refused")));
        when(engine.partlyReachable())
                .thenReturn(List.of(new PartlyReachable(other, Reachability.STREAMS_ONLY, Instant.EPOCH)));
        when(engine.degradedMembers()).thenReturn(List.of(new DegradedMember(other, Instant.EPOCH)));

        MembersDescriptor members = endpoint.members();

        assertThat(members.nameConflict()).contains("10.0.0.9:7946").contains("memberlist.node-name");
        assertThat(members.addressProblem()).isEqualTo("the cable is out");
        assertThat(members.missingSeeds()).containsExactly(new MembersEndpoint.SeedDescriptor("10.0.0.7", "refused"));
        assertThat(members.partlyReachable())
                .containsExactly(new PartlyReachableDescriptor("a", "streams_only", Instant.EPOCH));
        assertThat(members.degradedMembers()).containsExactly(new DegradedMemberDescriptor("a", Instant.EPOCH));
    }

    @Test
    void showsKeysAsFingerprintsOnly() {
        byte[] key = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
        Memberlist encrypted = TestMembers.engine(
                MemberlistConfig.local()
                        .nodeName("b")
                        .network(n -> n.label("blue"))
                        .encryption(e -> e.keyring(Keyring.of(key)).verifyIncoming(false))
                        .build(),
                self);

        MembersDescriptor members = new MembersEndpoint(encrypted, Duration.ZERO).members();

        assertThat(members.label()).isEqualTo("blue");
        assertThat(members.encryption())
                .isEqualTo(new MembersEndpoint.Encryption(true, false, true, List.of(Keyring.fingerprint(key))));
        String json = JsonMapper.builder().build().writeValueAsString(members);
        assertThat(json)
                .doesNotContain("0123456789abcdef")
                .doesNotContain(Base64.getEncoder().encodeToString(key));
    }

    @Test
    void joins() {
        MembersEndpoint.JoinDescriptor joined = endpoint.join(" 10.0.0.9 ,, x/10.0.0.8:1");

        verify(engine).join(List.of("10.0.0.9:7946", "x/10.0.0.8:1"));
        assertThat(joined.reached()).containsExactly("10.0.0.9:7946");
        assertThat(joined.failures()).isEmpty();
    }

    @Test
    void saysWhyNobodyCouldBeJoined() {
        JoinResult nobody = new JoinResult(List.of(), Map.of("10.0.0.9:7946", new IOException("refused")));
        when(engine.join(anyCollection())).thenReturn(CompletableFuture.failedFuture(new JoinException(nobody)));

        assertThat(endpoint.join("10.0.0.9"))
                .isEqualTo(new MembersEndpoint.JoinDescriptor(List.of(), Map.of("10.0.0.9:7946", "refused")));
    }

    @Test
    void wantsASeedToJoin() {
        assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(() -> endpoint.join(" "))
                .withMessageContaining("seeds");
    }

    @Test
    void leaves() {
        endpoint.leave();

        verify(engine).leave(Duration.ofSeconds(7));
    }

    @Test
    void hasLeftThoughTheNewsIsSlow() {
        when(engine.leave(any())).thenReturn(CompletableFuture.failedFuture(new TimeoutException()));
        when(engine.hasLeft()).thenReturn(true);

        assertThat(endpoint.leave()).isEqualTo(new MembersEndpoint.LeaveDescriptor(true, false));
    }

    private static MemberDescriptor.Meta meta(byte[] bytes) {
        return MemberDescriptor.of(TestMembers.member("x", MemberState.ALIVE, bytes))
                .meta();
    }
}
