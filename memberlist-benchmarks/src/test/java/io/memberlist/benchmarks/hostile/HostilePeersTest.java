package io.memberlist.benchmarks.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.MessageCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostilePeersTest {
    @Test
    void scenesAreNamed() {
        List<Scene> all = HostilePeers.scenes("all");
        assertThat(all).extracting(Scene::name).doesNotHaveDuplicates().contains("random", "idle", "ghosts-10000");
        assertThat(HostilePeers.scenes("pings, quiet")).extracting(Scene::name).containsExactly("pings", "quiet");
        assertThatThrownBy(() -> HostilePeers.scenes("nice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nice")
                .hasMessageContaining("quiet");
    }

    @Test
    void whatMissesItsGoalIsBold() {
        assertThat(result(20, 0, 100, 1).misses()).isEmpty();
        assertThat(result(20, 0, 100, 1).row()).doesNotContain("**");

        Result bad = result(101, 2, 10_001, Double.POSITIVE_INFINITY);
        assertThat(bad.misses()).containsExactlyInAnyOrder("stall", "false failures", "log", "not as before");
        assertThat(bad.row()).contains("**300 ms**", "**2**", "**10.0 kB**", "**not in a minute**", "3 records kept");
    }

    @Test
    void aMemberIsNotToBlameForWhatItDidNotWork() {
        assertThat(result(5, 0, 0, 0).misses()).isEmpty();
        assertThat(result(Double.NaN, 0, 0, 0).misses()).containsExactly("stall");
    }

    private static Result result(double workMillis, long falseFailures, long logBytes, double recoverySeconds) {
        Scene scene = HostilePeers.scenes("quiet").get(0);
        return new Result(
                scene,
                Side.JAVA,
                10,
                300,
                workMillis,
                1,
                falseFailures,
                logBytes,
                1 << 20,
                recoverySeconds,
                3,
                1,
                List.of());
    }

    @Test
    void whatIsForgedCanBeRead() throws Exception {
        byte[] alive = Forgery.packet(Forgery.ghost(7, 0).toAlive());
        assertThat(MessageCodec.decode(alive, 0, alive.length)).isInstanceOf(io.memberlist.wire.Message.Alive.class);
        assertThat(Forgery.ghosts(1000).nodes()).extracting(node -> node.name()).doesNotHaveDuplicates();
    }
}
