package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberlistException;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Several parts of an application change the tags of its member. */
class TagsScenarioTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster(5);

    @Test
    void changesThatFollowEachOtherAtOnceAreAllKept() {
        Memberlist other = cluster.start("other");
        Memberlist member = cluster.start("a", config -> config.meta(MemberTags.encode(Map.of("zone", "x"))));
        cluster.await(member.join(VirtualCluster.addressOf(other)));

        List<CompletableFuture<Void>> changes = List.of(
                member.updateTags(tags -> with(tags, "service", "shop"), TIMEOUT),
                member.updateTags(tags -> with(tags, "pid", "7"), TIMEOUT));
        changes.forEach(cluster::await);

        Map<String, String> all = Map.of("zone", "x", "service", "shop", "pid", "7");
        assertThat(member.localMember().tags()).isEqualTo(all);
        cluster.runUntil(
                "the other knows the tags",
                () -> other.member("a").orElseThrow().tags().equals(all));
    }

    @Test
    void whatCannotBeAppliedChangesNothing() {
        Memberlist tagged = cluster.start("tagged", config -> config.meta(MemberTags.encode(Map.of("zone", "x"))));
        Memberlist other = cluster.start("other", config -> config.meta(new byte[] {1}));

        assertThatThrownBy(() -> cluster.await(tagged.updateTags(tags -> with(tags, "long", "x".repeat(600)), TIMEOUT)))
                .hasRootCauseInstanceOf(MemberlistException.class)
                .hasStackTraceContaining("the limit is 512 bytes");
        assertThatThrownBy(() -> cluster.await(other.updateTags(tags -> tags, TIMEOUT)))
                .hasStackTraceContaining("is not made of tags");
        assertThat(tagged.localMember().tags()).isEqualTo(Map.of("zone", "x"));
        assertThat(other.localMember().meta()).containsExactly(1);
    }

    private static Map<String, String> with(Map<String, String> tags, String name, String value) {
        tags.put(name, value);
        return tags;
    }
}
