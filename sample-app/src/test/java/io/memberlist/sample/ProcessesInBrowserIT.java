package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberTags;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * The page of one member of a cluster of processes: it says which actions are impossible, and shows members of other
 * processes.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=main",
            "sample.companions=0"
        })
class ProcessesInBrowserIT {
    private static final String SCRIPT = "<img src=x onerror=document.title='taken'>";

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Memberlist memberlist;

    @Test
    void linksToThePagesOfOthersAndSaysOnceWhatCannotBeDone() throws Exception {
        MemberlistConfig config = MemberlistConfig.local()
                .nodeName("near")
                .network(n -> n.bindAddress("127.0.0.1")
                        .bindPort(0)
                        .label(memberlist.config().network().label()))
                .meta(MemberTags.encode(Map.of("pid", "4711", "page.port", "8099")))
                .build();
        MemberlistConfig lying = config.toBuilder()
                .nodeName("lying")
                .meta(MemberTags.encode(Map.of("pid", "1; reboot", "page.port", "80@evil.example")))
                .build();
        try (Chromium chromium = Chromium.open();
                Memberlist near = Memberlist.create(config);
                Memberlist other = Memberlist.create(lying)) {
            ClusterPage page = new ClusterPage(chromium.page("http://127.0.0.1:" + port + "/"));
            String seed = "127.0.0.1:" + memberlist.localMember().address().getPort();
            near.join(seed).get(10, TimeUnit.SECONDS);
            other.join(seed).get(10, TimeUnit.SECONDS);
            page.seesAllAlive(3);

            page.choose("near");
            Locator facts = page.page().locator("#details-facts");
            page.sees(facts, "PID 4711");
            page.sees(page.page().locator("#member-reason"), "kill -CONT 4711");
            assertThat(facts.locator("a").getAttribute("href")).isEqualTo("http://localhost:8099/");
            page.sees(page.page().locator("#unseen"), "send to each other, which cannot be seen from here");
            assertThat(page.page().locator("#unseen a").allTextContents()).containsExactly("near");

            String reason = "The network between them is the real one";
            page.sees(page.page().locator("#cluster-reason"), reason);
            assertThat(page.page().locator("main").innerText()).containsOnlyOnce(reason);
            assertThat(page.button("Start a member").getAttribute("aria-describedby"))
                    .startsWith("cluster-reason");
            page.screenshot("processes.png");

            page.choose("lying");
            page.sees(facts, "another");
            assertThat(facts.locator("a").count()).isZero();
            page.sees(page.page().locator("#member-reason"), "stop it there with Ctrl+C");
            chromium.closePages();
        }
    }

    @Test
    void showsWhatOthersSayAsTextOnlyAndOffersWhatCanBeDone() throws Exception {
        MemberlistConfig config = MemberlistConfig.local()
                .nodeName(SCRIPT)
                .network(n -> n.bindAddress("127.0.0.1")
                        .bindPort(0)
                        .label(memberlist.config().network().label()))
                .meta(MemberTags.encode(Map.of(SCRIPT, SCRIPT)))
                .build();
        MemberlistConfig plain = config.toBuilder()
                .nodeName("plain")
                .meta(("meta " + SCRIPT).getBytes(StandardCharsets.UTF_8))
                .build();
        try (Chromium chromium = Chromium.open();
                Memberlist evil = Memberlist.create(config);
                Memberlist other = Memberlist.create(plain)) {
            ClusterPage page = new ClusterPage(chromium.page("http://127.0.0.1:" + port + "/"));
            String seed = "127.0.0.1:" + memberlist.localMember().address().getPort();
            evil.join(seed).get(10, TimeUnit.SECONDS);
            other.join(seed).get(10, TimeUnit.SECONDS);

            page.seesAllAlive(3);
            page.sees(page.row("plain"), "meta " + SCRIPT);
            page.sees(page.page().locator("#members"), SCRIPT + "=" + SCRIPT);
            page.sees(page.page().locator("#now"), "probes");
            assertThat(page.page().title()).isEqualTo("memberlist: watch a cluster, then break it");
            assertThat(page.page().locator("main img").count()).isZero();

            page.choose("plain");
            String reason = "processes of their own";
            page.sees(page.page().locator("#member-reason"), reason);
            for (String button : new String[] {"Stop", "Kill", "Pause", "Start a member", "Cut the network in two"}) {
                assertThat(page.button(button).getAttribute("aria-disabled")).isEqualTo("true");
                page.press(button);
                page.sees(page.page().locator("#refused"), reason);
            }
            page.press("Rotate the key");
            page.sees(page.page().locator("#refused"), "not encrypted");

            page.page().getByLabel("Message").fill("to whom it may concern");
            page.press("Broadcast");
            page.sees(page.news("to whom it may concern"), "1 of 3 after");
            chromium.closePages();
        }
    }
}
