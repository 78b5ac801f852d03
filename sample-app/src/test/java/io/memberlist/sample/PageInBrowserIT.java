package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page in Chromium, if there is one, with faults injected into a cluster in one JVM. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageInBrowserIT extends ClusterInBrowser {
    /**
     * Writes the images to target/images, or to the folder of -Dsample.images; those of the README are in docs/images.
     */
    @Test
    @Order(1)
    void looksGoodInLightAndDark() {
        ClusterPage light = readmePage(ColorScheme.LIGHT);
        ClusterPage dark = readmePage(ColorScheme.DARK);
        List<String> more =
                List.of(companions.startOne().name(), companions.startOne().name());
        light.seesAllAlive(6);
        light.choose(more.get(0));
        light.press("Stop");
        light.sees(more.get(0), "left");
        light.choose(companions.all().get(2).name());
        dark.choose(companions.all().get(1).name());
        dark.press("Broadcast");
        dark.sees(dark.news("hello, everybody"), "all 5");
        companions.find(more.get(1)).ifPresent(companions::kill);
        dark.seesInLog("suspected", shortName(more.get(1)));

        for (ClusterPage page : List.of(light, dark)) {
            page.page().locator("#close-answer").click(); // the answer covers a part of the page
        }
        assertThat(light.screenshot("page-light.png")).isGreaterThan(50_000);
        assertThat(dark.screenshot("page-dark.png")).isGreaterThan(50_000);
    }

    private ClusterPage readmePage(ColorScheme scheme) {
        Browser.NewContextOptions options = new Browser.NewContextOptions().setViewportSize(1280, 1120);
        return new ClusterPage(chromium.page(url(), options.setColorScheme(scheme)));
    }

    @Test
    void showsMembersAndWhatTheyDo() {
        page.sees(page.page().locator("#connection"), "Live");
        page.sees("main", "alive");
        page.sees(page.page().locator("#now"), " probes ");
        page.sees(page.row("main"), "framework=Spring Boot");
        page.sees(page.row(lastCompanion()), " ms");
        page.sees(page.page().locator("#health"), "0");
        page.sees(page.page().locator("#packets"), "sent");
        page.sees(page.page().locator("#bytes"), "B received");
        page.sees(page.log(), "joined at 127.0.0.1");
        page.press("Start a member");
        page.sees(page.page().locator("#done"), "was started");
        page.sees(lastCompanion(), "alive");
        page.sees(
                page.news(shortName(lastCompanion()) + " joined"),
                "all " + companions.all().size());
    }

    @Test
    void aKilledMemberTurnsSuspectAndThenDead() {
        String victim = lastCompanion();
        page.choose(victim);
        page.recordStates(victim);

        page.press("Kill");

        page.sees(victim, "dead");
        assertThat(page.recordedStates()).containsSubsequence("alive", "suspect", "dead");
        page.seesInLog("failed", shortName(victim) + " failed");
        page.press("Kill");
        page.sees(page.page().locator("#refused"), "gone already");
    }

    @Test
    void aStoppedMemberLeavesUnsuspected() {
        String leaver = lastCompanion();
        page.choose(leaver);
        page.recordStates(leaver);

        page.press("Stop");

        page.sees(leaver, "left");
        assertThat(page.recordedStates()).doesNotContain("suspect", "dead");
        page.seesInLog("left", shortName(leaver) + " left");
    }

    @Test
    void aPausedMemberComesBack() {
        String sleeper = lastCompanion();
        page.choose(sleeper);
        page.recordStates(sleeper);

        page.press("Pause");
        page.sees(sleeper, "paused, dead");
        page.press("Resume");

        page.sees(sleeper, "alive");
        assertThat(page.recordedStates()).containsSubsequence("paused, suspect", "paused, dead", "alive");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(companions.main().memberlist().member(sleeper))
                        .hasValueSatisfying(
                                member -> assertThat(member.incarnation()).isGreaterThan(1)));
    }

    @Test
    void aHealedPartitionMergesAndTwoBrowsersSeeTheSame() {
        ClusterPage other = open();
        String cutOff = lastCompanion();

        page.press("Cut the network in two");
        page.sees(cutOff, "dead");
        other.sees(cutOff, "dead");
        other.sees(other.page().locator("#network"), "cut in two");
        other.page().locator("#viewer").selectOption(cutOff);
        other.sees("main", "dead");
        other.sees(cutOff, "alive");
        other.page().locator("#viewer").selectOption("main");

        other.press("Heal the network");
        page.seesAllAlive(companions.all().size());
        other.seesAllAlive(companions.all().size());
        assertThat(other.ring()).isEqualTo(page.ring());
    }

    @Test
    void aBroadcastReachesAll() {
        int size = companions.all().size();
        String text = "<b>greetings</b> & all";
        page.page().getByLabel("Message").fill(text);

        page.press("Broadcast");

        page.sees(page.news(text), "all " + size + " after ");
        page.news(text).locator("summary").click();
        page.sees(page.news(text).locator(".who"), shortName(lastCompanion()) + " after ");
        page.seesInLog("message", "says: " + text);
    }

    @Test
    void aRotatedKeyIsKnownToAll() {
        String before = companions.main().keyring().fingerprints().get(0);

        page.press("Rotate the key");

        page.sees(page.page().locator("#done"), "The key was rotated");
        String after = companions.main().keyring().fingerprints().get(0);
        assertThat(after).isNotEqualTo(before);
        assertThat(companions.all())
                .allSatisfy(one -> assertThat(one.keyring().fingerprints()).containsExactly(after));
        page.sees(page.page().locator("#encryption"), after);
        page.seesAllAlive(companions.all().size());
    }

    @Test
    void lossAndTagsShowInOtherBrowsersToo() {
        ClusterPage other = open();
        page.page().getByLabel("Loss in percent").fill("10");
        page.press("Lose packets");
        other.sees(other.page().locator("#network"), "10 % loss");

        page.choose(lastCompanion());
        page.page().getByLabel("Value").fill("<i>teal</i>");
        page.press("Change the tag");
        other.sees(other.row(lastCompanion()), "colour=<i>teal</i>");
    }

    @Test
    void canBeUsedByKeyboard() {
        String leaver = lastCompanion();
        tabTo("#nodes li[data-key='" + leaver + "'] button");
        page.page().keyboard().press("Enter");
        page.sees(page.page().locator("#details-name"), leaver);
        tabTo("#member-actions button:text-is('Stop')");
        page.page().keyboard().press("Space");
        page.sees(leaver, "left");
    }

    @Test
    void saysWhatThisMemberCannotDo() {
        page.choose("main");
        page.press("Kill");
        page.sees(page.page().locator("#refused"), "This member shows you the page");
        page.page().getByLabel("Message").fill("");
        page.press("Broadcast");
        page.sees(page.page().locator("#refused"), "give it 1 to 200");
        chromium.forgiveRefusedRequests();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void fitsAPhoneAndReadsWell(ColorScheme scheme) {
        ClusterPage phone = new ClusterPage(chromium.page(
                url(), new Browser.NewContextOptions().setViewportSize(390, 844).setColorScheme(scheme)));
        phone.seesAllAlive(companions.all().size());

        assertThat(phone.page().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(390);
        assertThat(Readability.faint(phone.page()))
                .as("text of little contrast")
                .isEmpty();
        assertThat(Readability.nameless(phone.page()))
                .as("controls without a name")
                .isEmpty();
    }

    private void tabTo(String selector) {
        for (int i = 0; i < 100; i++) {
            page.page().keyboard().press("Tab");
            Object reached = page.page()
                    .locator(selector)
                    .evaluate("element => element === document.activeElement && element.matches(':focus-visible')");
            if (Boolean.TRUE.equals(reached)) {
                return;
            }
        }
        throw new AssertionError("a hundred tabs did not lead to " + selector);
    }
}
