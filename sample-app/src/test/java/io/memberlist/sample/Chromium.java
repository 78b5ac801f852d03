package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The headless Chromium of this machine, if there is one. No page may log errors to the console, or load anything from
 * another machine.
 */
final class Chromium implements AutoCloseable {
    private static final double TIMEOUT_MILLIS = 60_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu"))
                        .setTimeout(TIMEOUT_MILLIS));
    }

    /** Skips the tests if there is none, unless {@code MEMBERLIST_BROWSER=required}. */
    static Chromium open() {
        Optional<Path> executable = find();
        if ("required".equals(System.getenv("MEMBERLIST_BROWSER"))) {
            assertThat(executable)
                    .as("MEMBERLIST_BROWSER=required, and no chromium on the path")
                    .isPresent();
        }
        assumeTrue(executable.isPresent(), "no chromium on the path: install it, as with 'apt-get install chromium'");
        return new Chromium(executable.get());
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Page page(String url) {
        return page(url, new Browser.NewContextOptions().setViewportSize(1280, 900));
    }

    Page page(String url, Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        Page page = watched(context.newPage());
        page.navigate(url);
        return page;
    }

    /** One more tab of the browser that has this page open. */
    Page tabBeside(Page page) {
        return watched(page.context().newPage());
    }

    private Page watched(Page page) {
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        return page;
    }

    /** Closes the pages, and fails if one misbehaved. */
    void closePages() {
        browser.contexts().forEach(BrowserContext::close);
        assertThat(complaints).as("complaints in the console").isEmpty();
        assertThat(requests)
                .as("requests to others")
                .isNotEmpty()
                .allMatch(url -> url.startsWith("data:")
                        || "127.0.0.1".equals(URI.create(url).getHost()));
    }

    /** The server may answer with an error on purpose, which Chromium logs to the console. */
    void forgiveRefusedRequests() {
        complaints.removeIf(text -> text.contains("the server responded with a status of 400"));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
