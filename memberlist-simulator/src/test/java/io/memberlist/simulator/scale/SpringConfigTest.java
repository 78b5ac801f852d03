package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.CompressionConfig;
import io.memberlist.config.MemberlistConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpringConfigTest {
    @TempDir
    private Path folder;

    private MemberlistConfig read(String yaml) throws IOException {
        Path file = folder.resolve("application.yml");
        Files.writeString(file, yaml);
        return SpringConfig.read(file, Profile.lan).build();
    }

    @Test
    void readsTheSettingsThatChangeHowNewsTravels() throws IOException {
        MemberlistConfig config = read("""
                spring.application.name: shop
                memberlist:
                  profile: wan
                  node-name: ignored
                  join: [a, b]
                  network:
                    bind-port: 7950
                    udp-buffer-size: 2KB
                  probe:
                    interval: 4s
                    indirect-checks: 5
                  compression:
                    enabled: false
                    algorithm: snappy
                  gossip.nodes: 6
                  suspicion:
                    maxTimeoutMultiplier: 3
                  state-sync:
                    interval: 1m
                """);

        assertThat(config.network().udpBufferSize()).isEqualTo(2048);
        assertThat(config.network().bindPort()).isEqualTo(7946);
        assertThat(config.probe().interval()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.probe().indirectChecks()).isEqualTo(5);
        assertThat(config.compression()).isEqualTo(new CompressionConfig(false, CompressionAlgorithm.SNAPPY));
        assertThat(config.gossip().nodes()).isEqualTo(6);
        assertThat(config.suspicion().maxTimeoutMultiplier()).isEqualTo(3);
        assertThat(config.stateSync().interval()).isEqualTo(Duration.ofMinutes(1));
        // Not in the file: the value of the file's profile.
        assertThat(config.suspicion().multiplier()).isEqualTo(6);
    }

    @Test
    void namesEveryKeyItDoesNotKnow() {
        assertThatThrownBy(() -> read("memberlist:\n  prob:\n    interval: 1s\n  gosip.nodes: 3\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memberlist.gosip.nodes, memberlist.prob.interval");
    }

    @Test
    void namesTheKeyOfAValueThatCannotBeUsed() {
        assertThatThrownBy(() -> read("memberlist.gossip.nodes: many"))
                .hasMessageContaining("memberlist.gossip.nodes: 'many'");
        assertThatThrownBy(() -> read("memberlist.compression.algorithm: zip"))
                .hasMessageContaining("memberlist.compression.algorithm: 'zip'")
                .hasMessageContaining("lzw or snappy");
        assertThatThrownBy(() -> read("memberlist.profile: moon")).hasMessageContaining("memberlist.profile: 'moon'");
        assertThatThrownBy(() -> read("memberlist: [")).hasMessageContaining("is no YAML");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> SpringConfig.read(folder.resolve("none.yml"), Profile.lan))
                .hasMessageContaining("none.yml");
    }
}
