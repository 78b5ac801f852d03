package io.memberlist.benchmarks.hostile;

import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.UserMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Streams that bring large things, and streams that bring nothing. */
final class StreamScenes {
    private static final int MIB = 1024 * 1024;
    private static final int IDLE_STREAMS = 5000;
    /** Each address has half of the streams that a member accepts, so that a few addresses can take all. */
    private static final int MANY_ADDRESSES = 50;

    private static final int SLOW_STREAMS = 1000;
    private static final double JOINS = 5;
    private static final byte SUSPECT = 1;
    private static final byte PUSH_PULL = 6;

    static final List<Scene> ALL = List.of(
            Scene.brief(
                    "large-state",
                    "30 000 alive and as many suspected members in one stream",
                    StreamScenes::largeState),
            Scene.brief("fields", "two streams a second that unpack to 21 MiB of versions", StreamScenes::fields),
            Scene.brief("nameless", "40 streams of a million members without a name", StreamScenes::nameless),
            Scene.brief(
                    "held",
                    "40 messages of 20 MiB, and 80 that are refused in their middle, of which the streams stay open",
                    StreamScenes::held),
            Scene.flood(
                    "idle",
                    IDLE_STREAMS
                            + " streams that bring nothing, opened again when the member may have ended them; others join",
                    Setting.PLAIN,
                    StreamScenes::idle),
            Scene.flood(
                    "slow",
                    "1 000 streams of one address that bring a byte a second, opened again likewise; others join",
                    Setting.PLAIN,
                    run -> slow(run, 1)),
            Scene.flood(
                    "slow-many",
                    "the same from " + MANY_ADDRESSES + " addresses",
                    Setting.PLAIN,
                    run -> slow(run, MANY_ADDRESSES)));

    private StreamScenes() {}

    private static void largeState(SceneRun run) throws Exception {
        List<PushPullNode> nodes = IntStream.range(0, 60_000)
                .mapToObj(i -> Forgery.ghost(i, i % 2 == 0 ? 0 : SUSPECT))
                .toList();
        byte[] state = Forgery.request(new PushPull(false, nodes, new byte[0]));
        run.note("%,d bytes", state.length);
        run.once(() -> run.attacker().ask(run.victim(), state));
        run.rest();
    }

    private static void fields(SceneRun run) throws Exception {
        PushPullNode node =
                new PushPullNode("endless", run.attacker().ip(), 7946, new byte[0], 1, 0, new byte[21 * MIB]);
        byte[] state = Forgery.request(new PushPull(false, List.of(node), new byte[0]));
        run.note("%,d bytes", state.length);
        run.pace(2, () -> run.attacker().ask(run.victim(), state));
        run.join();
    }

    /** A header that announces a million members, each an empty map. */
    private static void nameless(SceneRun run) throws Exception {
        int count = 1_000_000;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(PUSH_PULL);
        out.write(0x81);
        out.write(0xa5);
        out.write("Nodes".getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[] {(byte) 0xce, 0, (byte) (count >> 16), (byte) (count >> 8), (byte) count});
        // {"State": 0}, so that they unpack to seven times a million bytes.
        byte[] node = {(byte) 0x81, (byte) 0xa5, 'S', 't', 'a', 't', 'e', 0};
        for (int i = 0; i < count; i++) {
            out.write(node);
        }
        byte[] state = Forgery.compressed(out.toByteArray());
        run.note("%,d bytes each", state.length);
        for (int i = 0; i < 40; i++) {
            run.once(() -> run.attacker().ask(run.victim(), state));
        }
    }

    /** Row 9: what the budget counts is what is held, also of messages that it refuses when most of them has come. */
    private static void held(SceneRun run) throws Exception {
        byte[] message = Forgery.uncompressedRequest(new UserMessage(new byte[20 * MIB - 64]));
        byte[] unfinished = Arrays.copyOf(message, 13 * MIB);
        hold(run, 40, message);
        // Both use up two thirds of what one address may hold, so that there is room for most of a message and not for
        // all.
        hold(run, 2, unfinished);
        hold(run, 80, message);
        run.rest();
    }

    private static void hold(SceneRun run, int streams, byte[] message) throws Exception {
        int[] broken = new int[1];
        for (int i = 0; i < streams; i++) {
            run.once(() -> {
                try {
                    run.attacker().stream(run.victim(), message);
                } catch (IOException e) {
                    broken[0]++;
                }
            });
        }
        if (broken[0] > 0) {
            run.note("%d broke off", broken[0]);
        }
    }

    private static void idle(SceneRun run) throws Exception {
        try (OpenStreams streams = new OpenStreams(run.victim(), List.of(run.attacker()), IDLE_STREAMS, new byte[0])) {
            streams.await();
            joins(run);
            run.note("%,d streams", streams.opened());
        }
    }

    /** Keeps as many streams as a member takes, and more, without ever finishing a message. */
    private static void slow(SceneRun run, int addresses) throws Exception {
        byte[] state = Forgery.request(Forgery.ghosts(1));
        byte[] unfinished = Arrays.copyOf(state, state.length - 1);
        List<Attacker> attackers = new ArrayList<>(List.of(run.attacker()));
        while (attackers.size() < addresses) {
            attackers.add(run.anotherAttacker());
        }
        try (OpenStreams streams = new OpenStreams(run.victim(), attackers, SLOW_STREAMS, unfinished)) {
            streams.await();
            joins(run);
            run.note("%,d streams", streams.opened());
        }
    }

    private static void joins(SceneRun run) throws Exception {
        run.pace(JOINS / run.seconds(), run::join);
    }
}
