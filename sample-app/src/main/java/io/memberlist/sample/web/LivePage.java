package io.memberlist.sample.web;

import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.companions.Companions;
import io.memberlist.sample.companions.RejectedRequestException;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.sample.network.Hop;
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
 * Sends changes to the open pages, ten times a second: the view of the cluster if it changed, packets and streams, log
 * entries, and once a second the traffic. It stops before the web server, which would otherwise wait for the pages.
 */
@Component
class LivePage implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(LivePage.class);
    private static final int MAX_CONNECTIONS = 30;
    private static final int TICK_MILLIS = 100;
    private static final int MAX_HOPS_A_TICK = 80;

    private final ClusterViewFactory views;
    private final Traffic traffic;
    private final FaultInjectingNetwork network;
    private final ClusterLog clusterLog;
    private final JsonMapper json;
    private final List<PageConnection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean running;
    private @Nullable ScheduledExecutorService ticker;
    private String lastView = "";
    private long lastEntry;
    private int ticks;

    /** A hop in the form for the page, which maps addresses to names. */
    private record HopView(String from, String to, String kind, String about, long sequence, boolean lost) {}

    private record Now(long now, List<Traffic.Second> seconds) {}

    LivePage(
            ClusterViewFactory views,
            Traffic traffic,
            FaultInjectingNetwork network,
            ClusterLog clusterLog,
            JsonMapper json) {
        this.views = views;
        this.traffic = traffic;
        this.network = network;
        this.clusterLog = clusterLog;
        this.json = json;
    }

    /** Opens a page: sends the current state, then changes. */
    synchronized SseEmitter open() {
        connections.removeIf(connection -> !connection.isOpen());
        if (connections.size() >= MAX_CONNECTIONS || !running) {
            throw RejectedRequestException.because("There are " + connections.size() + " open pages, and no more than "
                    + MAX_CONNECTIONS + " are served: close one.");
        }
        PageConnection connection = new PageConnection();
        connection.send("cluster", json.writeValueAsString(views.create()));
        connection.send("traffic", json.writeValueAsString(new Now(System.currentTimeMillis(), traffic.seconds())));
        connection.send("log", json.writeValueAsString(entriesAfter(0, lastEntry)));
        connection.start();
        connections.add(connection);
        network.watch(true);
        return connection.emitter();
    }

    private synchronized void tick() {
        try {
            ticks++;
            boolean second = ticks % 10 == 0;
            if (second) {
                traffic.sample();
                connections.removeIf(connection -> !connection.isOpen());
                network.watch(!connections.isEmpty());
            }
            if (connections.isEmpty()) {
                lastEntry = newestEntry();
                return;
            }
            sendHops();
            sendView();
            sendLog();
            if (second) {
                sendToAll("traffic", new Now(System.currentTimeMillis(), traffic.seconds()));
            }
        } catch (RuntimeException e) {
            log.error("The page could not be told what is new; it is tried again", e);
        }
    }

    private void sendHops() {
        List<HopView> hops = network.takeHops().stream()
                .limit(MAX_HOPS_A_TICK)
                .map(LivePage::view)
                .toList();
        if (!hops.isEmpty()) {
            sendToAll("hops", hops);
        }
    }

    private void sendView() {
        String view = json.writeValueAsString(views.create());
        if (!view.equals(lastView)) {
            lastView = view;
            connections.forEach(connection -> connection.send("cluster", view));
        }
    }

    private void sendLog() {
        long newest = newestEntry();
        if (newest > lastEntry) {
            sendToAll("log", entriesAfter(lastEntry, newest));
            lastEntry = newest;
        }
    }

    private void sendToAll(String name, Object what) {
        String text = json.writeValueAsString(what);
        connections.forEach(connection -> connection.send(name, text));
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
                Companions.text(hop.from()),
                Companions.text(hop.to()),
                hop.kind().name().toLowerCase(Locale.ROOT),
                hop.about(),
                hop.sequence(),
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
        connections.forEach(PageConnection::close);
        connections.clear();
        network.watch(false);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
