package io.memberlist.spring.boot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.messaging.MessagingMetrics;
import io.memberlist.metrics.DropReason;
import io.memberlist.metrics.MemberlistMetrics;
import io.memberlist.spring.Documents;
import io.memberlist.spring.TestMembers;
import io.memberlist.spring.messaging.FakeMessaging;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/metrics.md} and the dashboard name all existing meters, and no others. */
class MetricsDocumentTest {
    private static final Pattern GO_ROW = Pattern.compile("\\| `(memberlist[^`]+)` \\| `(memberlist[^`]+)` \\|.*");
    private static final Pattern PROMETHEUS_NAME = Pattern.compile("memberlist_[a-z_]+");

    /** Every name that the source of HashiCorp memberlist v0.7.0 gives to go-metrics. */
    private static final List<String> GO_NAMES = List.of(
            "degraded.probe",
            "degraded.timeout",
            "gossip",
            "health.score",
            "msg.alive",
            "msg.dead",
            "msg.suspect",
            "node.instances",
            "probeNode",
            "pushPullNode",
            "queue.broadcasts",
            "size.local",
            "size.remote",
            "tcp.accept",
            "tcp.connect",
            "tcp.sent",
            "udp.received",
            "udp.sent");

    private final String document = Documents.read("docs/metrics.md");
    private final Memberlist member = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    MetricsDocumentTest() {
        when(member.certificateExpiresAt()).thenReturn(Optional.of(Instant.now()));
        new MemberlistMetrics(member).bindTo(registry);
        new MessagingMetrics(new FakeMessaging()).bindTo(registry);
    }

    @Test
    void everyMeterHasItsRow() {
        Set<String> expected = registry.getMeters().stream()
                .map(MetricsDocumentTest::row)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(section("## Meters", "`state` is").filter(line -> line.startsWith("| `memberlist")))
                .hasSizeGreaterThan(20)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyReasonHasItsRow() {
        assertThat(section("`reason` is one of", "## What to watch")
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("`")[1]))
                .containsExactlyElementsOf(Arrays.stream(DropReason.values())
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void everyNameOfTheGoLibraryHasACounterpartThatExists() {
        List<String[]> rows = section("## The names of the Go library", "\u0000")
                .map(GO_ROW::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> new String[] {matcher.group(1), matcher.group(2)})
                .toList();

        assertThat(rows)
                .extracting(row -> row[0].substring("memberlist.".length()))
                .containsExactlyInAnyOrderElementsOf(GO_NAMES);
        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(registry.find(row[1]).meter()).as(row[1]).isNotNull());
    }

    @Test
    void theDashboardAsksForWhatPrometheusIsGiven() {
        Set<String> given = registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toSet());
        JsonNode dashboard = JsonMapper.builder().build().readTree(Documents.read("docs/grafana-dashboard.json"));

        assertThat(dashboard.path("panels").size()).isGreaterThan(15);
        assertThat(dashboard.path("panels")).allSatisfy(panel -> {
            assertThat(panel.path("title").asString()).isNotBlank();
            assertThat(panel.path("targets").findValuesAsString("expr")).isNotEmpty();
        });
        List<String> asked = dashboard.findValuesAsString("expr").stream()
                .flatMap(expression -> PROMETHEUS_NAME.matcher(expression).results())
                .map(result -> result.group())
                .toList();
        assertThat(given).containsAll(asked);
        // every meter has a panel
        Set<String> families = registry.getMeters().stream()
                .map(meter -> meter.getId().getConventionName(registry.config().namingConvention()))
                .collect(Collectors.toSet());
        assertThat(families).allSatisfy(family -> assertThat(asked).anyMatch(name -> name.startsWith(family)));
    }

    @Test
    void noWordStandsTwiceInANameOfPrometheus() {
        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("[{ ]")[0]))
                .allSatisfy(name -> assertThat(name.split("_")).doesNotHaveDuplicates());
    }

    private Stream<String> section(String from, String to) {
        int begin = document.indexOf(from);
        int end = document.indexOf(to, begin);
        return document.substring(begin, end < 0 ? document.length() : end).lines();
    }

    private static String row(Meter meter) {
        Meter.Id id = meter.getId();
        String type =
                switch (id.getType()) {
                    case DISTRIBUTION_SUMMARY -> "summary";
                    case COUNTER, GAUGE, TIMER -> id.getType().name().toLowerCase(Locale.ROOT);
                    default -> throw new AssertionError(id);
                };
        String unit = id.getType() == Meter.Type.TIMER ? "seconds" : id.getBaseUnit();
        String tags = id.getTags().stream()
                .map(Tag::getKey)
                .map(key -> "`" + key + "`")
                .collect(Collectors.joining(", "));
        return "| `" + id.getName() + "` | " + type + " |" + cell(unit) + cell(tags) + " " + id.getDescription() + " |";
    }

    private static String cell(@Nullable String text) {
        return text == null || text.isEmpty() ? " |" : " " + text + " |";
    }
}
