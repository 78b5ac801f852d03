package io.memberlist.sample;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.memberlist.sample.companions.Companion;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page teaches is true, and can be followed. */
class LessonsInBrowserIT extends ClusterInBrowser {
    /** On a busy machine one probe may stay without its answer, and the same two have to come again. */
    private static final int MOST_STEPS = 300;

    /** Streams are affected too: otherwise they would save every probe. */
    @Test
    void aLossOf100PercentHurtsAll() {
        page.choose(lastCompanion());
        page.page().getByLabel("Loss in percent").fill("100");
        page.press("Lose packets");

        page.sees(page.page().locator("#network"), "100 % loss");
        page.sees(lastCompanion(), "suspect");
        // The time left is shown from the first answer after the suspicion, and until the member is dead.
        assertThat(page.node(lastCompanion()).locator(".initials"))
                .hasText(Pattern.compile("\\d+ s"), new HasTextOptions().setTimeout(60_000));
        page.sees(page.page().locator("#details-facts"), " unless it answers");
        page.sees(page.page().locator("#health"), "this member may be the slow one");
    }

    /** It learns something newer when it is back, and is never notified of what it missed. */
    @Test
    void theNewsListLearnsOfMembersThatWereAway() {
        Companion away = companions.find(lastCompanion()).orElseThrow();
        away.endpoint().pause();
        page.choose("main");
        for (String colour : List.of("first", "second")) {
            page.page().getByLabel("Value").fill(colour);
            page.press("Change the tag");
            page.sees(page.row("main"), "colour=" + colour);
        }
        page.sees(page.news("changed its tags").locator(".reach"), "3 of 4 ");

        away.endpoint().resume();

        String all = "all " + companions.all().size();
        page.sees(page.newsAll("changed its tags").nth(0).locator(".reach"), all);
        page.sees(page.newsAll("changed its tags").nth(1).locator(".reach"), all);
    }

    @Test
    void stepByStepShowsOnePacketAtATime() {
        Page browser = page.page();
        browser.getByLabel("Step by step").check();
        String before = browser.locator("#now").textContent();
        assertThat(browser.locator("#next-step")).isVisible();
        browser.waitForTimeout(1200);
        assertThat(browser.locator("#now").textContent())
                .as("nothing goes on by itself")
                .isEqualTo(before);

        String probe = pressUntil("(.*) probes (.*)");
        String[] names = probe.split(" probes ");
        pressUntil(names[1] + " answers " + names[0]);
        assertThat(browser.locator("#behind")).containsText("s ago");

        browser.getByLabel("Live", new Page.GetByLabelOptions().setExact(true)).check();
        assertThat(browser.locator("#behind")).isHidden();
        page.sees(browser.locator("#now"), "probes");
    }

    @Test
    void slowMotionFallsBehindAndSaysSo() {
        page.page().getByLabel("Slow motion").check();
        String leaver = lastCompanion();
        page.choose(leaver);
        page.press("Stop");

        page.sees(page.page().locator("#done"), "leaves");
        page.sees(page.page().locator("#behind"), "Five times slower. The page shows what happened 1 s ago");
        page.sees(leaver, "left");
    }

    @Test
    void experimentsLeadThroughAFailureAndAFalseAlarm() {
        Page browser = page.page();
        page.press("A member fails");
        browser.locator("#experiment-steps button").click();
        assertThat(browser.locator("#experiment-said"))
                .containsText("All agree that", new ContainsTextOptions().setTimeout(60_000));
        page.press("Choose another");

        page.press("A false alarm");
        browser.locator("#experiment-steps .current button").click();
        browser.locator("#experiment-steps .current button").getByText("Resume").click();
        page.sees(browser.locator("#experiment-said"), " became ");
        page.press("Choose another");
    }

    @Test
    void aRefusalEndsWithItsExperiment() {
        page.press("A member fails");
        page.choose("main");
        page.press("Kill");
        page.sees(page.page().locator("#refused"), "This member shows you the page");

        page.press("End the experiment");

        assertThat(page.page().locator("#refused")).isEmpty();
    }

    /** The first request is never answered: the page shows what it did, and goes on with that. */
    @Test
    void anExperimentLeadsThroughASplitHoweverLateAnswersAre() {
        Page browser = page.page();
        browser.evaluate("""
                () => {
                  const fetch = window.fetch;
                  window.fetch = async (url, options) => {
                    const answer = await fetch(url, options);
                    return url.includes('network/cut') ? new Promise(() => {}) : answer;
                  };
                }""");
        page.press("The network splits");
        browser.locator("#experiment-steps .current button").click();
        browser.locator("#experiment-steps .current button").getByText("Send").click();
        browser.locator("#experiment-steps .current button").getByText("Heal").click();
        page.sees(browser.locator("#experiment-said"), "Both halves are one cluster again");
    }

    @Test
    void saysWhatItIsAndLinksToTheDocuments() {
        assertThat(page.page().locator(".what")).containsText("real members of a cluster");
        page.page().getByText("Read how it works").click();
        page.sees(page.page().locator("body"), "The sample application");
    }

    /** Presses until the sentence matches, and returns it. */
    private String pressUntil(String sentence) {
        for (int i = 0; i < MOST_STEPS; i++) {
            page.press("Next step");
            String said = page.page().locator("#now").textContent();
            if (said.matches(sentence)) {
                return said;
            }
            if (said.startsWith("Nothing has happened")) {
                page.page().waitForTimeout(300);
            }
        }
        throw new AssertionError("no packet like " + sentence + " in " + MOST_STEPS + " steps");
    }

    /** The modules of the page, as they run in the browser. */
    @Test
    void answersAreDrawnAfterTheirQuestions() {
        Object starts = page.page().evaluate("""
                async () => {
                  const { createCauses } = await import('/app/causes.js');
                  const causes = createCauses();
                  const start = (from, to, kind, sequence, about = '') =>
                    causes.start({ from, to, kind, sequence, about, lost: false }, 1000, 650);
                  const starts = {
                    unasked: start('b', 'a', 'ack', 9),
                    probe: start('a', 'b', 'probe', 1, 'B'),
                    answer: start('b', 'a', 'ack', 1),
                    request: start('a', 'c', 'indirect_probe', 2, 'D'),
                    helper: start('c', 'd', 'probe', 7, 'D'),
                    found: start('d', 'c', 'ack', 7),
                    relayed: start('c', 'a', 'ack', 2),
                    gossip: start('a', 'b', 'news', 0, 'X'),
                    passedOn: start('b', 'c', 'news', 0, 'X'),
                  };
                  return Object.entries(starts).map(([what, at]) => `${what} ${at}`).join(', ');
                }""");
        assertThat(starts)
                .isEqualTo("unasked null, probe 1000, answer 1650, request 1000, helper 1650, found 2300, relayed 2950,"
                        + " gossip 1000, passedOn 1650");
    }

    @Test
    void shortNamesKeepWhatTellsThemApart() {
        Object names = page.page().evaluate("""
                async () => {
                  const { shortNames } = await import('/app/names.js');
                  const texts = (names, local) => [...shortNames(names, local).values()];
                  return [
                    texts(['main', 'main-companion-1', 'main-companion-12'], 'main'),
                    texts(['a', 'orders-7f9c6d5b8-x2k4q', 'orders-7f9c6d5b8-zz9pl'], 'a'),
                    texts(['a', 'ip-10-0-13-27.eu-west-1.compute.internal', 'ip-10-0-13-28.eu-west-1.compute.internal'], 'a'),
                    texts(['a', 'thumbnails-of-the-first-shop', 'thumbnails_of_the_second_shop'], 'a'),
                    texts(['app-vm-7951', 'app-vm-7951-companion-1', 'app-vm-7946', 'app-vm-7946-companion-1',
                      'app-vm-7946-companion-12'], 'app-vm-7951'),
                    texts(['a', 'orders-vm-7951', 'orders-vm-7951-companion-1', 'b-c'], 'a'),
                  ];
                }""");
        assertThat(names)
                .isEqualTo(List.of(
                        List.of("companion-1", "companion-12"),
                        List.of("x2k4q", "zz9pl"),
                        List.of("27", "28"),
                        List.of("thumb…first-shop", "thumb…econd_shop"),
                        List.of("companion-1", "7946", "7946-companion-1", "7946-companion-12"),
                        List.of("orde…7951", "orde…ompanion-1", "b-c")));
    }
}
