package io.memberlist.sample.web;

import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.companions.Companions;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.sample.network.Hop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells open pages what is new since they last asked. Nothing is kept for a page, and nothing waits for it: one on a slow
 * line asks less often, and is told the newest state then.
 */
@Component
class PageFeed {
    private static final long VIEW_AGE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long WATCHED_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_HOPS = 80;

    private final ClusterViewFactory views;
    private final Traffic traffic;
    private final FaultInjectingNetwork network;
    private final ClusterLog clusterLog;
    private final JsonMapper json;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final VersionedTree cluster = new VersionedTree();
    private final Deque<Hop> hops = new ArrayDeque<>();
    private long version;
    private long lastHop;
    private long viewedAt;
    private long askedAt;

    /**
     * What is new.
     *
     * @param cursor what the page sends when it asks next
     * @param whole whether this is everything, and not only what is new
     * @param now the time, in milliseconds since 1970
     * @param cluster the changes of the {@link ClusterView} as a JSON Merge Patch, its members and news by name and id
     * @param hops the newest packets and streams, the oldest first
     * @param log the new entries of the log
     * @param seconds the traffic of the new seconds
     */
    record Changes(
            String cursor,
            boolean whole,
            long now,
            JsonNode cluster,
            List<HopView> hops,
            List<ClusterLog.Entry> log,
            List<Traffic.Second> seconds) {}

    /** A hop in the form for the page, which maps addresses to names. */
    record HopView(String from, String to, String kind, String about, long sequence, boolean lost) {}

    PageFeed(
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

    /**
     * {@return what is new}
     *
     * @param after the cursor of the last answer; without a valid one of this run, everything is told
     */
    synchronized Changes changes(String after) {
        askedAt = System.nanoTime();
        network.watch(true);
        refresh();
        Cursor since = Cursor.parse(after);
        boolean whole = !since.run().equals(run) || !cluster.knows(since.version());
        if (whole) {
            since = new Cursor(run, 0, lastHop, 0, 0);
        }
        List<ClusterLog.Entry> log = clusterLog.entriesAfter(since.entry());
        Cursor next = new Cursor(
                run,
                version,
                lastHop,
                log.isEmpty() ? since.entry() : log.get(log.size() - 1).number(),
                traffic.lastNumber());
        return new Changes(
                next.toString(),
                whole,
                System.currentTimeMillis(),
                cluster.since(since.version()),
                hopsAfter(since.hop()),
                log,
                traffic.secondsAfter(since.second()));
    }

    /** Many pages may ask at the same time. */
    private void refresh() {
        if (version > 0 && askedAt - viewedAt < VIEW_AGE_NANOS) {
            return;
        }
        viewedAt = askedAt;
        ObjectNode view = json.valueToTree(views.create());
        view.set("members", byKey(view.withArray("members"), "name"));
        view.set("news", byKey(view.withArray("news"), "id"));
        version = cluster.update(view);
        List<Hop> taken = network.takeHops();
        hops.addAll(taken);
        lastHop += taken.size();
        while (hops.size() > MAX_HOPS) {
            hops.remove();
        }
    }

    /** An array as an object, in which one item can change: the items by their key, and the keys in order. */
    private static ObjectNode byKey(ArrayNode items, String key) {
        ObjectNode keyed = JsonNodeFactory.instance.objectNode();
        ArrayNode order = keyed.putArray("order");
        ObjectNode byKey = keyed.putObject("items");
        for (JsonNode item : items) {
            order.add(item.path(key).asString());
            byKey.set(item.path(key).asString(), item);
        }
        return keyed;
    }

    private List<HopView> hopsAfter(long hop) {
        List<Hop> kept = new ArrayList<>(hops);
        long fresh = Math.min(Math.max(0, lastHop - hop), kept.size());
        return kept.subList(kept.size() - (int) fresh, kept.size()).stream()
                .map(PageFeed::view)
                .toList();
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

    /** Without a page, packets are not decoded. */
    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
    synchronized void stopWatchingUnasked() {
        if (System.nanoTime() - askedAt > WATCHED_NANOS) {
            network.watch(false);
        }
    }
}
