package io.memberlist.benchmarks.hostile;

import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What news of members, and messages of the application, make members do. */
final class MemberScenes {
    private static final int NAMES = 64;

    static final List<Scene> ALL = List.of(
            Scene.brief("death", "nothing; a member dies", run -> ghosts(run, 0)),
            Scene.brief("ghosts-1000", "1 000 members that do not exist; a member dies", run -> ghosts(run, 1000)),
            Scene.brief("ghosts-10000", "10 000 members that do not exist; a member dies", run -> ghosts(run, 10_000)),
            Scene.brief("last", "suspicions near the highest incarnation; the member leaves", MemberScenes::last),
            Scene.brief(
                    "member-pings",
                    "100 pings a second of a peer that has joined, and a suspicion a second so that there is news",
                    MemberScenes::pings),
            Scene.brief(
                    "fetches",
                    "50 forged fetches a second of all that members broadcast, in the name of another one",
                    MemberScenes::fetches),
            Scene.brief(
                    "control",
                    "names of members and origins with control characters, 1000 a second",
                    MemberScenes::control));

    private MemberScenes() {}

    private static void ghosts(SceneRun run, int count) throws Exception {
        byte[] state = Forgery.request(Forgery.ghosts(count));
        for (Victim member : run.cluster().members()) {
            run.once(() -> run.attacker().ask(member.address(), state));
        }
        run.rest();
        run.death();
    }

    /** The peer answers pings, so that it counts as a member. */
    private static void pings(SceneRun run) throws Exception {
        Attacker peer = run.attacker();
        Victim victim = run.cluster().first();
        peer.listen((packet, from) -> Forgery.answer(peer, from, packet));
        int port = peer.address().getPort();
        byte[] alive = Forgery.packet(new Alive(1, "peer", peer.ip(), port, new byte[0], Forgery.VERSIONS));
        byte[] ping = Forgery.packet(new Ping(1, victim.name(), new Source(peer.ip(), port, "peer")));
        peer.packet(victim.address(), alive);
        long[] count = new long[1];
        run.pace(100, () -> {
            if (count[0]++ % 100 == 0) {
                Suspect suspicion = new Suspect(count[0] / 100 + 1, victim.name(), "peer");
                peer.packet(victim.address(), Forgery.packet(suspicion));
            }
            peer.packet(victim.address(), ping);
        });
        byte[] leave = Forgery.packet(new Dead(1, "peer", "peer"));
        for (Victim member : run.cluster().members()) {
            peer.packet(member.address(), leave);
        }
    }

    private static void last(SceneRun run) throws Exception {
        long highest = 0xffff_ffffL - 0x1_0000;
        List<Victim> members = run.cluster().members();
        Victim accused = members.get(members.size() - 1);
        byte[] packet = Forgery.packet(
                new Suspect(highest, accused.name(), run.cluster().first().name()));
        run.pace(1, () -> {
            for (Victim member : members) {
                run.attacker().packet(member.address(), packet);
            }
        });
        run.leave();
    }

    /** Asks for numbers of every member for every other one. The instances are guessed, as a stranger has to. */
    private static void fetches(SceneRun run) throws Exception {
        List<Victim> members = run.cluster().members();
        Origin asker = new Origin(members.get(1).name(), 1);
        Inventory fetch = new Inventory(
                EnvelopeFormat.FETCH,
                asker,
                false,
                List.of(new Inventory.Entry(
                        new Origin(run.cluster().first().name(), 1), List.of(new Inventory.Run(1, 200)))));
        byte[] packet = Forgery.packet(new UserMessage(fetch.toBytes()));
        run.pace(50, () -> run.attacker().packet(run.victim(), packet));
    }

    private static void control(SceneRun run) throws Exception {
        List<byte[]> packets = IntStream.range(0, NAMES)
                .mapToObj(i -> "x" + i + "\r\n2026-01-01 INFO admin logged in \u001b[2J")
                .flatMap(name -> List.<Message>of(
                        new Alive(1, name, new byte[] {10, 7, 7, 7}, 7946, new byte[0], new byte[] {6, 9, 7, 0, 0, 0}),
                        new UserMessage(EnvelopeFormat.message(
                                EnvelopeFormat.REQUEST,
                                new Origin(name, 1),
                                System.currentTimeMillis(),
                                "hostile",
                                Map.of(),
                                new byte[10])))
                        .stream())
                .map(Forgery::packet)
                .toList();
        int[] next = new int[1];
        run.pace(1000, () -> run.attacker().packet(run.victim(), packets.get(next[0]++ % packets.size())));
    }
}
