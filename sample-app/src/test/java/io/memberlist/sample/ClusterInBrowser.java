package io.memberlist.sample;

import static org.awaitility.Awaitility.await;

import io.memberlist.sample.companions.Companion;
import io.memberlist.sample.companions.Companions;
import io.memberlist.sample.network.FaultInjectingNetwork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** A cluster in one JVM with its page in Chromium. All tests of this kind share the cluster and leave it whole. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=main",
            "memberlist.probe.interval=400ms",
            // Long enough to be seen, even if the machine stands still for a moment.
            "memberlist.suspicion.multiplier=8",
            "memberlist.state-sync.reconnect-interval=1s",
            "sample.companions=3"
        })
abstract class ClusterInBrowser {
    static Chromium chromium;

    @Value("${local.server.port}")
    private int port;

    @Autowired
    Companions companions;

    @Autowired
    private FaultInjectingNetwork network;

    ClusterPage page;

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

    @BeforeEach
    void openPage() {
        page = open();
        page.seesAllAlive(companions.all().size());
    }

    @AfterEach
    void leaveAWholeCluster() {
        network.heal();
        network.lose(0);
        for (Companion companion : companions.all()) {
            companion.endpoint().resume();
        }
        while (companions.all().size() < 4) {
            companions.startOne();
        }
        int size = companions.all().size();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> companions.all().stream()
                        .allMatch(one -> one.memberlist().numMembers() == size));
        chromium.closePages();
    }

    final ClusterPage open() {
        return new ClusterPage(chromium.page(url()));
    }

    final String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    final String lastCompanion() {
        List<Companion> all = companions.all();
        return all.get(all.size() - 1).name();
    }

    static String shortName(String name) {
        return name.substring("main-".length());
    }
}
