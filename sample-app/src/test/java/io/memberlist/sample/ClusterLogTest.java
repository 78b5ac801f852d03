package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberVersions;
import io.memberlist.spring.event.MemberUpdatedEvent;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ClusterLogTest {
    @Test
    void namesAndTextsOfOthersBeginNoLine(CapturedOutput output) {
        new ClusterLog().add("message", "x\nadmin logged in", "says: \r\nadmin logged in\u2028" + "y".repeat(100_000));

        assertThat(output.getOut().lines().filter(line -> !line.isBlank())).hasSize(1);
        assertThat(output.getOut()).contains("x\\u000aadmin logged in says: ").hasSizeLessThan(2000);
    }

    @Test
    void tagsStandAsTheyAreEntered() {
        ClusterLog log = new ClusterLog();

        log.updated(new MemberUpdatedEvent(mock(Memberlist.class), member(Map.of("zone", "a", "colour", "blue"))));
        log.updated(new MemberUpdatedEvent(mock(Memberlist.class), member(Map.of())));

        assertThat(log.entries())
                .extracting(ClusterLog.Entry::text)
                .containsExactly("changed its tags: colour=blue, zone=a", "has no tags any more");
    }

    private static Member member(Map<String, String> tags) {
        return new Member(
                "a",
                new InetSocketAddress("10.0.0.1", 7946),
                MemberTags.encode(tags),
                MemberState.ALIVE,
                3,
                new MemberVersions(1, 5, 2, 0, 0, 0),
                Instant.now());
    }
}
