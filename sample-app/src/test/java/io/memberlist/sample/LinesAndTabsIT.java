package io.memberlist.sample;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasClassOptions;
import io.memberlist.sample.companions.Companion;
import io.memberlist.sample.companions.Companions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** The page over a slow line, in many tabs, before its first picture, and in small windows. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=main",
            "sample.companions=12"
        })
class LinesAndTabsIT {
    private static Chromium chromium;

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Companions companions;

    @BeforeAll
    static void openChromium() {
        chromium = Chromium.open();
    }

    @AfterAll
    static void closeChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void closePages() {
        chromium.closePages();
    }

    @Test
    void manyTabsOfOneBrowserAreAllLive() {
        List<ClusterPage> tabs = new ArrayList<>();
        tabs.add(open());
        while (tabs.size() < 8) {
            Page tab = chromium.tabBeside(tabs.get(0).page());
            tab.navigate(url());
            tabs.add(new ClusterPage(tab));
        }
        for (ClusterPage tab : tabs) {
            tab.seesMembers(companions.all().size());
            tab.sees(tab.page().locator("#connection"), "Live");
        }
        ClusterPage last = tabs.get(tabs.size() - 1);
        last.press("Broadcast");
        last.sees(last.page().locator("#done"), "is on its way");
        tabs.get(0).sees(tabs.get(0).news("hello, everybody"), " after ");
    }

    @Test
    void overASlowLineThePageSaysHowFarItIsBehindAndStaysClose() throws IOException {
        try (SlowLine line = new SlowLine(port)) {
            ClusterPage page = new ClusterPage(chromium.page("http://127.0.0.1:" + line.port() + "/"));
            page.seesMembers(companions.all().size());
            line.letThrough(4_000);
            // long enough for a line that queues to fall far behind
            page.page().waitForTimeout(10_000);

            Companion victim = last();
            companions.kill(victim);
            waitUntil(page, () -> !isAlive(victim.name()));
            Instant known = Instant.now();
            assertThat(page.node(victim.name()))
                    .not()
                    .hasClass(Pattern.compile("\\balive\\b"), new HasClassOptions().setTimeout(60_000));
            assertThat(Duration.between(known, Instant.now())).isLessThan(Duration.ofSeconds(6));

            line.letThrough(50);
            page.sees(page.page().locator("#connection"), "behind");
            line.letThrough(Integer.MAX_VALUE);
            page.sees(page.page().locator("#connection"), "Live");
            companions.startOne();
            page.page().context().close();
        }
    }

    @Test
    void buttonsPressedBeforeTheFirstPictureWorkLater() {
        Page blank = chromium.tabBeside(open().page());
        AtomicBoolean held = new AtomicBoolean(true);
        List<Route> waiting = new CopyOnWriteArrayList<>();
        blank.route(url -> url.contains("/api/changes") || url.contains("/api/stream"), route -> {
            if (held.get()) {
                waiting.add(route);
            } else {
                route.resume();
            }
        });
        blank.navigate(url());
        ClusterPage page = new ClusterPage(blank);
        for (String button : List.of("Stop", "Cut the network in two", "Change the tag")) {
            page.press(button);
            page.sees(blank.locator("#refused"), "no picture yet");
        }
        held.set(false);
        waiting.forEach(Route::resume);

        page.seesMembers(companions.all().size());
        page.choose(last().name());
        page.press("Change the tag");
        page.sees(blank.locator("#done"), "changes its tag");
        blank.unrouteAll();
    }

    @ParameterizedTest
    @CsvSource({"1280, 900", "1280, 420", "390, 844", "320, 480"})
    void answersToAButtonAreInView(int width, int height) {
        ClusterPage page = open();
        page.page().setViewportSize(width, height);
        page.seesMembers(companions.all().size());

        page.choose("main");
        for (String refused : List.of("Stop", "Kill")) {
            page.press(refused);
            page.sees(page.page().locator("#refused"), "This member shows you the page");
            assertThat(isInView(page, "#refused")).as(refused).isEqualTo(true);
        }
        page.press("Broadcast");
        page.sees(page.page().locator("#done"), "is on its way");
        assertThat(isInView(page, "#done")).isEqualTo(true);
        page.screenshot("answer-" + width + "x" + height + ".png");
    }

    private static Object isInView(ClusterPage page, String selector) {
        return page.page().locator(selector).evaluate("""
                element => {
                  const { top, bottom, left, right } = element.getBoundingClientRect();
                  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && element.contains(over);
                }""");
    }

    private static void waitUntil(ClusterPage page, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            page.page().waitForTimeout(50);
        }
    }

    private boolean isAlive(String name) {
        return companions.main().memberlist().member(name).stream()
                .anyMatch(member -> member.state().name().equals("ALIVE"));
    }

    private Companion last() {
        List<Companion> all = companions.all();
        return all.get(all.size() - 1);
    }

    private ClusterPage open() {
        return new ClusterPage(chromium.page(url()));
    }

    private String url() {
        return "http://127.0.0.1:" + port + "/";
    }
}
