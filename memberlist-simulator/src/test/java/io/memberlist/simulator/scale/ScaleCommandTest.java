package io.memberlist.simulator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ScaleCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private static JsonNode json(Object command, String... args) {
        CommandLineRunner result = CommandLineRunner.run(command, args);
        assertThat(result.status()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private static JsonNode withoutCost(JsonNode report) {
        ((ObjectNode) report).remove("cost");
        return report;
    }

    @Test
    void allNewsReachesEverybodyInASmallCluster() {
        JsonNode report = json(new ConvergeCommand(), "--nodes", "20", "--json");

        assertThat(report.get("nodes").asInt()).isEqualTo(20);
        JsonNode events = report.get("events");
        assertThat(events).hasSize(6);
        for (JsonNode event : events) {
            String what = event.get("event").asString();
            // A gossiped message that no member passes on reaches only the members that its sender's gossip reached.
            if (!what.equals("broadcast, once")) {
                assertThat(event.get("reached").asDouble()).as(what).isEqualTo(1.0);
                assertThat(event.get("allSeconds").asDouble())
                        .as(what)
                        .isGreaterThanOrEqualTo(event.get("halfSeconds").asDouble());
            }
        }
        // Four times log10(20) probe intervals is the shortest suspicion.
        assertThat(events.get(5).get("firstSeconds").asDouble()).isGreaterThan(4);
        assertThat(report.get("quiet").get("packetsPerNodeAndSecond").asDouble())
                .isBetween(1.0, 10.0);
        assertThat(report.get("falseFailures").asInt()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameFiguresAndAnotherSeedOthers() {
        String[] args = {"--nodes", "15", "--loss", "0.1", "--json", "--seed=7"};
        JsonNode once = withoutCost(json(new ConvergeCommand(), args));
        JsonNode again = withoutCost(json(new ConvergeCommand(), args));
        args[5] = "--seed=8";
        JsonNode other = withoutCost(json(new ConvergeCommand(), args));

        assertThat(again).isEqualTo(once);
        assertThat(other.get("events")).isNotEqualTo(once.get("events"));
    }

    @Test
    void clusterMessagesReachEverybodyThoughManyAreUnderWayAndPacketsGetLost() {
        JsonNode report = json(
                new MessagesCommand(), "--nodes", "20", "--loss", "0.1", "--rate", "500", "--storm", "2s", "--json");

        for (JsonNode event : report.get("events")) {
            if (!event.get("event").asString().startsWith("plain")) {
                assertThat(event.get("reached").asDouble())
                        .as(event.get("event").asString())
                        .isEqualTo(1.0);
            }
        }
        assertThat(report.get("events")).hasSize(8);
        assertThat(report.get("falseFailures").asInt()).isZero();
    }

    @Test
    void crashesAreNoticedByAllWhoAreLeft() throws Exception {
        Path svg = folder.resolve("plot.svg");
        JsonNode report =
                json(new DetectCommand(), "--nodes", "12", "--crashes", "2", "--json", "--svg", svg.toString());

        assertThat(report.get("events"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.get("reached").asDouble()).isEqualTo(1.0));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(Files.newInputStream(svg))
                        .getElementsByTagName("path")
                        .getLength())
                .isGreaterThan(2);
    }

    @Test
    void tablesNameEveryEvent() {
        CommandLineRunner result = CommandLineRunner.run(new ConvergeCommand(), "--nodes", "5", "--profile", "local");

        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("join", "meta update", "broadcast, once", "broadcast, passed on", "leave", "failure");
    }

    @Test
    void theSettingsOfAnApplicationAreUsed() throws Exception {
        Path slow = folder.resolve("application.yml");
        Files.writeString(slow, "server:\n  port: 8080\nmemberlist:\n  suspicion:\n    multiplier: 20\n");

        JsonNode report =
                json(new DetectCommand(), "--nodes", "8", "--crashes", "1", "--json", "--config", slow.toString());

        assertThat(report.get("events").get(0).get("firstSeconds").asDouble()).isGreaterThan(20);
    }

    @Test
    void whatCannotBeSimulatedIsRefused() {
        assertThat(CommandLineRunner.run(new ConvergeCommand(), "--nodes", "2").err())
                .contains("--nodes 2 is outside of 3 to");
        assertThat(CommandLineRunner.run(new ConvergeCommand(), "--loss", "5").err())
                .contains("write 0.05 for 5 %");
        assertThat(CommandLineRunner.run(new ConvergeCommand(), "--latency", "soon")
                        .err())
                .contains("'soon' is no duration");
        assertThat(CommandLineRunner.run(new ConvergeCommand(), "--latency", "PT-1S")
                        .err())
                .contains("PT-1S is negative");
        assertThat(CommandLineRunner.run(
                                new ConvergeCommand(),
                                "--svg",
                                folder.resolve("none/plot.svg").toString())
                        .err())
                .contains("a folder that exists");
        CommandLineRunner crashes = CommandLineRunner.run(new DetectCommand(), "--nodes", "5", "--crashes", "4");
        assertThat(crashes.status()).isEqualTo(2);
        assertThat(crashes.err()).contains("outside of 1 to 3").doesNotContain("bringing up");
    }

    @Test
    void helpIsWellFormed() {
        for (Object command : new Object[] {new ConvergeCommand(), new DetectCommand(), new LifeguardCommand()}) {
            CommandLineRunner help = CommandLineRunner.run(command, "--help");
            assertThat(help.status()).isZero();
            assertThat(help.out()).startsWith("Usage").doesNotContain("%%", "%n");
        }
    }
}
