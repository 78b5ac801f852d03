package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page for everybody: light and dark, with forced colours, with large text, on a phone. */
class AccessibilityInBrowserIT extends ClusterInBrowser {
    @ParameterizedTest
    @CsvSource({"LIGHT, 1280, 100, NONE", "DARK, 768, 100, NONE", "LIGHT, 768, 100, ACTIVE", "DARK, 360, 200, NONE"})
    void hasNoBarriers(ColorScheme scheme, int width, int textPercent, ForcedColors forced) {
        Page browser = page(scheme, width, forced);
        ClusterPage view = new ClusterPage(browser);
        view.seesAllAlive(companions.all().size());
        browser.evaluate("size => { document.documentElement.style.fontSize = size; }", textPercent + "%");
        view.press("A member fails"); // its steps are checked too
        browser.waitForTimeout(700); // members move to their places

        assertThat(Readability.misfits(browser)).isEmpty();
        assertThat(Readability.violations(browser)).isEmpty();
    }

    @Test
    void documentsHaveNoBarriers() {
        Page browser = page(ColorScheme.DARK, 360, ForcedColors.NONE);
        browser.navigate(url() + "document.html?glossary");
        new ClusterPage(browser).sees(browser.locator("h1"), "Glossary");

        assertThat(Readability.misfits(browser)).isEmpty();
        assertThat(Readability.violations(browser)).isEmpty();
    }

    private Page page(ColorScheme scheme, int width, ForcedColors forced) {
        return chromium.page(
                url(),
                new Browser.NewContextOptions()
                        .setViewportSize(width, 800)
                        .setColorScheme(scheme)
                        .setForcedColors(forced));
    }
}
