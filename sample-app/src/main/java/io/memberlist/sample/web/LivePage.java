package io.memberlist.sample.web;

import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.companions.Refusal;
import io.memberlist.sample.network.Hop;
import io.memberlist.sample.network.HurtableNetwork;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells the open pages what is new, ten times a second: the picture when it changed, what travelled, what happened, and
 * once a second the traffic. Ends before the web server does, which would otherwise wait for the pages.
 */
@Component
class LivePage implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(LivePage.class);
    private static final int MAX_BROWSERS = 30;
    private static final int TICK_MILLIS = 100;
    private static final int MAX_HOPS_A_TICK = 80;

    private final Painter painter;
    private final Traffic traffic;
    private final HurtableNetwork network;
    private final ClusterLog clusterLog;
    private final JsonMapper json;
    private final List<Browser> browsers = new CopyOnWriteArrayList<>();
    private volatile boolean running;
    private @Nullable ScheduledExecutorService ticker;
    private String lastPicture = "";
    private long lastEntry;
    private int ticks;

    /** What travelled, ready for the page: addresses, since names are known there. */
    private record HopView(String from, String to, String kind, String about, boolean lost) {}

    private record Now(long now, List<Traffic.Second> seconds) {}

    LivePage(Painter painter, Traffic traffic, HurtableNetwork network, ClusterLog clusterLog, JsonMapper json) {
        this.painter = painter;
        this.traffic = traffic;
        this.network = network;
        this.clusterLog = clusterLog;
        this.json = json;
    }

    /** Opens a page: everything there is now, then what is new. */
    synchronized SseEmitter open() {
        browsers.removeIf(browser -> !browser.isOpen());
        if (browsers.size() >= MAX_BROWSERS || !running) {
            throw Refusal.because("There are " + browsers.size() + " open pages, and no more than " + MAX_BROWSERS
                    + " are served: close one.");
        }
        Browser browser = new Browser();
        browser.send("picture", json.writeValueAsString(painter.paint()));
        browser.send("traffic", json.writeValueAsString(new Now(System.currentTimeMillis(), traffic.seconds())));
        browser.send("log", json.writeValueAsString(entriesAfter(0, lastEntry)));
        browser.start();
        browsers.add(browser);
        network.watch(true);
        return browser.emitter();
    }

    private synchronized void tick() {
        try {
            ticks++;
            boolean second = ticks % 10 == 0;
            if (second) {
                traffic.sample();
                browsers.removeIf(browser -> !browser.isOpen());
                network.watch(!browsers.isEmpty());
            }
            if (browsers.isEmpty()) {
                lastEntry = newestEntry();
                return;
            }
            tellHops();
            tellPicture();
            tellLog();
            if (second) {
                tell("traffic", new Now(System.currentTimeMillis(), traffic.seconds()));
            }
        } catch (RuntimeException e) {
            log.error("The page could not be told what is new; it is tried again", e);
        }
    }

    private void tellHops() {
        List<HopView> hops = network.takeHops().stream()
                .limit(MAX_HOPS_A_TICK)
                .map(LivePage::view)
                .toList();
        if (!hops.isEmpty()) {
            tell("hops", hops);
        }
    }

    private void tellPicture() {
        String picture = json.writeValueAsString(painter.paint());
        if (!picture.equals(lastPicture)) {
            lastPicture = picture;
            browsers.forEach(browser -> browser.send("picture", picture));
        }
    }

    private void tellLog() {
        long newest = newestEntry();
        if (newest > lastEntry) {
            tell("log", entriesAfter(lastEntry, newest));
            lastEntry = newest;
        }
    }

    private void tell(String name, Object what) {
        String text = json.writeValueAsString(what);
        browsers.forEach(browser -> browser.send(name, text));
    }

    private List<ClusterLog.Entry> entriesAfter(long first, long last) {
        return clusterLog.entries().stream()
                .filter(entry -> entry.number() > first && entry.number() <= last)
                .toList();
    }

    private long newestEntry() {
        List<ClusterLog.Entry> entries = clusterLog.entries();
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).number();
    }

    private static HopView view(Hop hop) {
        return new HopView(
                Painter.text(hop.from()),
                Painter.text(hop.to()),
                hop.kind().name().toLowerCase(Locale.ROOT),
                hop.about(),
                hop.lost());
    }

    @Override
    public synchronized void start() {
        running = true;
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sample-page");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        ticker = executor;
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (ticker != null) {
            ticker.shutdown();
        }
        browsers.forEach(Browser::close);
        browsers.clear();
        network.watch(false);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
