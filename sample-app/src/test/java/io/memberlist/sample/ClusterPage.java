package io.memberlist.sample;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.List;

/** The page as its user sees and uses it. */
final class ClusterPage {
    private static final double PATIENCE_MILLIS = 60_000;

    private final Page page;

    ClusterPage(Page page) {
        this.page = page;
    }

    Page page() {
        return page;
    }

    /** A member on the ring. */
    Locator node(String name) {
        return page.locator("#nodes li[data-key='" + name + "'] button");
    }

    void seesMembers(int count) {
        assertThat(page.locator("#nodes .node")).hasCount(count, new HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    void sees(String member, String state) {
        sees(node(member).locator(".word"), state);
    }

    void sees(Locator place, String text) {
        assertThat(place).containsText(text, new ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    void seesAllAlive(int count) {
        assertThat(page.locator("#nodes .node.alive"))
                .hasCount(count, new HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** {@return the size of the image in bytes} */
    int screenshot(String file) {
        page.evaluate("scrollTo(0, 0)");
        Path folder = Path.of(System.getProperty("sample.images", "target/images"));
        return page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(file))).length;
    }

    void choose(String member) {
        node(member).click();
        assertThat(page.locator("#details-name")).hasText(member);
    }

    void press(String button) {
        // forced, since buttons of impossible actions can be pressed, and give the reason
        button(button).click(new Locator.ClickOptions().setForce(true));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator row(String member) {
        return page.locator("#members tr[data-key='" + member + "']");
    }

    /** The newest update whose title contains the text. */
    Locator news(String title) {
        return newsAll(title).first();
    }

    /** The updates whose titles contain the text, the newest first. */
    Locator newsAll(String title) {
        return page.locator("#news > li")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator(".title").getByText(title)));
    }

    Locator log() {
        return page.locator("#log");
    }

    void seesInLog(String kind, String text) {
        assertThat(log().locator("." + kind)
                        .filter(new Locator.FilterOptions().setHasText(text))
                        .first())
                .isVisible(new IsVisibleOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** Records every state of the member that the ring shows from now on. */
    void recordStates(String member) {
        page.evaluate("""
                name => {
                  const word = document.querySelector(`#nodes li[data-key='${name}'] .word`);
                  window.states = [word.textContent];
                  new MutationObserver(() => window.states.push(word.textContent))
                    .observe(word, { childList: true, characterData: true, subtree: true });
                }""", member);
    }

    @SuppressWarnings("unchecked")
    List<String> recordedStates() {
        return (List<String>) page.evaluate("() => window.states");
    }

    /** The members and their states, as the ring shows them. */
    @SuppressWarnings("unchecked")
    List<String> ring() {
        return (List<String>) page.evaluate(
                "() => [...document.querySelectorAll('#nodes .node')].map(node => node.getAttribute('aria-label'))");
    }
}
