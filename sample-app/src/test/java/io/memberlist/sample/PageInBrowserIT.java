package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.Tags;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** The page in Chromium, where there is one. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"memberlist.bind-port=0", "memberlist.join=", "memberlist.node-name=main", "sample.companions=0"})
class PageInBrowserIT {
    private static final String SCRIPT = "<img src=x onerror=document.title='taken'>";
    private static final String ESCAPED = "&lt;img src=x onerror=document.title='taken'&gt;";

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Memberlist memberlist;

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path profile;

    @Test
    void showsWhatOtherMembersSayAsTextOnly() throws Exception {
        Optional<Path> chromium = chromium();
        assumeTrue(chromium.isPresent(), "no chromium on the path");
        MemberlistConfig config = MemberlistConfig.local()
                .nodeName(SCRIPT)
                .bindAddress("127.0.0.1")
                .bindPort(0)
                .meta(Tags.encode(Map.of(SCRIPT, SCRIPT)))
                .build();
        MemberlistConfig plain = config.toBuilder()
                .nodeName("plain")
                .meta(("meta " + SCRIPT).getBytes(StandardCharsets.UTF_8))
                .build();
        try (Memberlist evil = Memberlist.create(config);
                Memberlist other = Memberlist.create(plain)) {
            String seed = "127.0.0.1:" + memberlist.localMember().address().getPort();
            evil.join(seed).get(10, TimeUnit.SECONDS);
            other.join(seed).get(10, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(memberlist.members()).hasSize(3));

            String page = dump(chromium.get());

            assertThat(page)
                    .contains(
                            "<span>" + ESCAPED + "</span>",
                            "<span class=\"tag\">" + ESCAPED + "=" + ESCAPED,
                            "meta " + ESCAPED)
                    .contains("<title>Members of the cluster</title>", "Live, asked every second")
                    .doesNotContain("<img");
        }
    }

    private String dump(Path chromium) throws Exception {
        Path out = Files.createFile(profile.resolve("page.html"));
        Process browser = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--virtual-time-budget=4000",
                        "--dump-dom",
                        "http://127.0.0.1:" + port + "/")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                    .as("chromium ended")
                    .isTrue();
        } finally {
            browser.destroyForcibly();
        }
        return Files.readString(out);
    }

    private static Optional<Path> chromium() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
