package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** Many members with the long names of real clusters: each can be read and told from the others, also on a phone. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=main",
            "sample.companions=3",
            "sample.encrypted=false"
        })
class CrowdInBrowserIT {
    @Value("${local.server.port}")
    private int port;

    @Autowired
    private Memberlist memberlist;

    @Test
    void namesOfManyMembersAreReadable() {
        List<Memberlist> crowd = new ArrayList<>();
        try (Chromium chromium = Chromium.open()) {
            ClusterPage page =
                    new ClusterPage(chromium.page("http://127.0.0.1:" + port + "/", new Browser.NewContextOptions()));
            for (int size : new int[] {10, 25, 60}) {
                while (crowd.size() < size - 4) {
                    crowd.add(member(crowd.size()));
                }
                for (int width : new int[] {360, 768, 1280}) {
                    page.page().setViewportSize(width, 800);
                    page.page()
                            .emulateMedia(new Page.EmulateMediaOptions()
                                    .setColorScheme(width == 360 ? ColorScheme.LIGHT : ColorScheme.DARK));
                    page.seesMembers(size);
                    page.page().waitForTimeout(700); // members move to their places
                    page.screenshot("crowd-" + size + "-" + width + ".png");
                    assertReadable(page.page());
                }
            }
            chromium.closePages();
        } finally {
            crowd.forEach(Memberlist::shutdown);
        }
    }

    @SuppressWarnings("unchecked")
    private static void assertReadable(Page page) {
        assertThat(Readability.misfits(page)).isEmpty();
        assertThat(Readability.faint(page)).isEmpty();
        List<String> names = (List<String>) page.evaluate("""
                () => [...document.querySelectorAll('.node .name')]
                  .filter(name => name.checkVisibility())
                  .map(name => name.textContent)""");
        assertThat(names).hasSize(page.locator(".node").count());
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
        assertThat(page.evaluate("""
                () => Math.min(...[...document.querySelectorAll('.node')]
                  .flatMap(node => [node.offsetWidth, node.offsetHeight]))"""))
                .as("smallest side of a button; WCAG 2.2 wants 24")
                .isInstanceOfSatisfying(Integer.class, side -> assertThat(side).isGreaterThanOrEqualTo(24));
    }

    private Memberlist member(int number) {
        Memberlist member = Memberlist.create(MemberlistConfig.local()
                .nodeName("orders-service-7f9c6d5b8-" + Integer.toString(46656 + 7919 * number, 36))
                .network(network -> network.bindAddress("127.0.0.1")
                        .bindPort(0)
                        .label(memberlist.config().network().label()))
                .build());
        member.join("127.0.0.1:" + memberlist.localMember().address().getPort()).join();
        return member;
    }
}
