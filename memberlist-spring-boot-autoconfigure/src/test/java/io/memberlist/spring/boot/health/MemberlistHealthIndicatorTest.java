package io.memberlist.spring.boot.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import io.memberlist.spring.TestMembers;
import io.memberlist.transport.TransportSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class MemberlistHealthIndicatorTest {
    private final Member self = TestMembers.member("a", MemberState.ALIVE, "");
    private final Member other = TestMembers.member("b", MemberState.ALIVE, "");

    @Test
    void isUpInCompany() {
        Health health = health(TestMembers.engine(self, other), true);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .isEqualTo(Map.of(
                        "reason",
                        "in a cluster of 2 members",
                        "name",
                        "a",
                        "running",
                        true,
                        "members",
                        2,
                        "alone",
                        false,
                        "healthScore",
                        0,
                        "degraded",
                        false,
                        "transport",
                        "udp"));
    }

    @Test
    void warnsInTheLastDaysOfTheOwnCertificateAndStaysUp() {
        Instant end = Instant.now().plus(Duration.ofDays(10));
        Health health = health(withCertificateUntil(end), true);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("transport", "tls")
                .containsEntry("tls", "TLSv1.3")
                .containsEntry("certificateExpiresAt", end)
                .containsEntry(
                        "certificateProblem",
                        "the certificate of this member ends at " + end + ": renew it before others refuse it");
    }

    @Test
    void saysWhereTheOwnCertificateHasEnded() {
        Instant end = Instant.now().minus(Duration.ofDays(1));

        assertThat(health(withCertificateUntil(end), true).getDetails())
                .containsEntry(
                        "certificateProblem",
                        "the certificate of this member ended at " + end + ": renew it, since others refuse it");
    }

    @Test
    void saysNothingAgainstACertificateThatIsValidForLong() {
        Instant end = Instant.now().plus(Duration.ofDays(30));

        assertThat(health(withCertificateUntil(end), true).getDetails())
                .containsEntry("certificateExpiresAt", end)
                .doesNotContainKey("certificateProblem");
    }

    private Memberlist withCertificateUntil(Instant end) {
        Memberlist engine = TestMembers.engine(self, other);
        when(engine.transport()).thenReturn("tls");
        when(engine.transportSecurity()).thenReturn(Optional.of(new TransportSecurity("TLSv1.3", end)));
        return engine;
    }

    @Test
    void namesMembersThatCanBeReachedInOneWayOnlyAndStaysUp() {
        Instant since = Instant.parse("2026-11-22T01:04:41Z");
        Memberlist engine = TestMembers.engine(self, other);
        when(engine.partlyReachable())
                .thenReturn(List.of(
                        new PartlyReachable(other, Reachability.PACKETS_ONLY, since),
                        new PartlyReachable(self, Reachability.STREAMS_ONLY, since.plusSeconds(1))));
        Health health = health(engine, true);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("degraded", true)
                .containsEntry("tcpUnreachable", Map.of("b", since))
                .containsEntry("udpUnreachable", Map.of("a", since.plusSeconds(1)));
    }

    @Test
    void namesMembersThatComeAndGoAndStaysUp() {
        Instant since = Instant.parse("2026-11-22T01:04:41Z");
        Memberlist engine = TestMembers.engine(self, other);
        when(engine.degradedMembers()).thenReturn(List.of(new DegradedMember(other, since)));
        Health health = health(engine, true);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("degraded", true).containsEntry("flapping", Map.of("b", since));
    }

    @Test
    void isOutOfServiceBeforeItHasMetOthersOnlyIfToldSo() {
        Memberlist alone = TestMembers.engine(self);
        when(alone.missingSeeds()).thenReturn(List.of(new MissingSeed("10.0.0.7", "refused")));

        assertThat(health(alone, true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(alone, false).getStatus()).isEqualTo(Status.UP);
        assertThat(health(alone, false).getDetails())
                .containsEntry("alone", true)
                .containsEntry("reason", "alone: no other member was found yet")
                .containsEntry("seeds", Map.of("10.0.0.7", "refused"));
    }

    @Test
    void isUpAsTheLastOneThatIsLeft() {
        Memberlist last = TestMembers.engine(self, TestMembers.member("b", MemberState.DEAD, ""));
        when(last.hasMetOthers()).thenReturn(true);

        assertThat(health(last, true).getStatus()).isEqualTo(Status.UP);
        assertThat(health(last, true).getDetails())
                .containsEntry("reason", "alone: the other members have left or failed");
    }

    @Test
    void isUpWhereNobodyIsExpected() {
        Health health = health(TestMembers.engine(self), false);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().get("reason")).asString().contains("there are no seeds (memberlist.join)");
    }

    @Test
    void isOutOfServiceAfterLeaving() {
        Memberlist left = TestMembers.engine(TestMembers.member("a", MemberState.LEFT, ""), other);

        assertThat(health(left, true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(left, true).getDetails()).containsEntry("reason", "this member has left the cluster");
    }

    @Test
    void isDownOnceItWasShutDown() {
        Memberlist stopped = TestMembers.engine(self, other);
        when(stopped.isRunning()).thenReturn(false);

        assertThat(health(stopped, false).getStatus()).isEqualTo(Status.DOWN);
        assertThat(health(stopped, false).getDetails())
                .containsEntry("running", false)
                .containsEntry("alone", false);
    }

    @Test
    void saysThatOthersCannotReachTheMember() {
        Memberlist unreachable = TestMembers.engine(self, other);
        when(unreachable.addressProblem()).thenReturn(Optional.of("the cable is out: put it in"));

        assertThat(health(unreachable, true).getStatus()).isEqualTo(Status.UP);
        assertThat(health(unreachable, true).getDetails())
                .containsEntry("addressProblem", "the cable is out: put it in");
    }

    @Test
    void isDownWhileAnotherProcessHasItsName() {
        Memberlist second = TestMembers.engine(self, other);
        InetSocketAddress holder = new InetSocketAddress("10.0.0.9", 7946);
        when(second.nameConflict())
                .thenReturn(Optional.of(new NameConflict("a", holder, true, Instant.parse("2026-11-22T01:04:41Z"))));

        assertThat(health(second, false).getStatus()).isEqualTo(Status.DOWN);
        assertThat(health(second, false).getDetails())
                .containsEntry(
                        "nameConflict",
                        "the name 'a' is taken by 10.0.0.9:7946, which answers: give one of the two another node name"
                                + " (memberlist.node-name)");
    }

    @Test
    void isDownWhenTheMemberCannotBeAsked() {
        Memberlist broken = TestMembers.engine(self, other);
        when(broken.numMembers()).thenThrow(new IllegalStateException("gone"));

        assertThat(health(broken, false).getStatus()).isEqualTo(Status.DOWN);
    }

    private static Health health(Memberlist memberlist, boolean outOfServiceUntilJoined) {
        return new MemberlistHealthIndicator(memberlist, outOfServiceUntilJoined).health();
    }
}
