package io.memberlist.benchmarks.hostile;

import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Floods of packets, and packets that make a member do more than they are worth. */
final class PacketScenes {
    private static final int MAX_RANDOM = 1400;
    private static final int MAX_PACKET = 65_507;
    private static final int MIB = 1024 * 1024;

    static final List<Scene> ALL = List.of(
            Scene.flood("quiet", "nothing", Setting.PLAIN, SceneRun::rest),
            Scene.flood("random", "random packets, as fast as one can", Setting.PLAIN, PacketScenes::random),
            Scene.flood(
                    "mutated",
                    "valid packets of which one to four bytes were changed",
                    Setting.PLAIN,
                    PacketScenes::mutated),
            Scene.flood("junk", "random packets to members with a key", Setting.ENCRYPTED, PacketScenes::junk),
            Scene.brief(
                    "drain",
                    "a forged suspicion a second, and 100 pings a second to the accused member",
                    PacketScenes::drain),
            Scene.brief(
                    "collisions", "10 000 members with addresses of one hash, by packets", PacketScenes::collisions),
            Scene.brief(
                    "versions",
                    "a member a second whose versions nobody can speak; another one joins",
                    PacketScenes::versions),
            Scene.brief(
                    "bombs",
                    "118 packets a second that unpack to 19 MiB and are broken at the end",
                    PacketScenes::bombs),
            Scene.brief("pings", "255 pings in each packet, 100 packets a second", PacketScenes::pings),
            Scene.brief(
                    "reflection",
                    "pings and indirect pings for a third one, 100 of each a second",
                    PacketScenes::reflection),
            Scene.brief(
                    "outside",
                    "pings, states and leaves from outside of the allowed networks",
                    Setting.MEMBERS_ONLY,
                    PacketScenes::outside),
            Scene.brief(
                    "replay",
                    "recorded packets about a member that has left, 1000 a second; members remember it for "
                            + Setting.FORGET_SECONDS + " s, in place of 24 hours (Go: 30 s)",
                    Setting.FORGETFUL,
                    PacketScenes::replay));

    private PacketScenes() {}

    private static void random(SceneRun run) throws Exception {
        Random random = run.random();
        run.flood(() -> {
            byte[] packet = new byte[1 + random.nextInt(MAX_RANDOM)];
            random.nextBytes(packet);
            run.attacker().packet(run.victim(), packet);
        });
    }

    /** What is random behind the version byte is tried with each key. */
    private static void junk(SceneRun run) throws Exception {
        Random random = run.random();
        run.flood(() -> {
            byte[] packet = new byte[64 + random.nextInt(MAX_RANDOM)];
            random.nextBytes(packet);
            packet[0] = (byte) random.nextInt(2);
            run.attacker().packet(run.victim(), packet);
        });
    }

    /** Messages about real members are such that no change of a few bytes makes them a valid forgery of a failure. */
    private static void mutated(SceneRun run) throws Exception {
        Random random = run.random();
        byte[] ip = run.attacker().ip();
        List<byte[]> samples = new ArrayList<>();
        Message[] messages = {
            new Ping(7, run.cluster().first().name(), new Source(ip, 7946, "stranger")),
            new IndirectPing(8, ip, 7946, "stranger", true, null),
            new Ack(9, new byte[10]),
            new Nack(10),
            Forgery.alive(run.cluster().members().get(1), 0),
            Forgery.ghost(1, 0).toAlive(),
            new Suspect(1, "ghost-1", "stranger"),
            new UserMessage(new byte[30])
        };
        for (Message message : messages) {
            samples.add(Forgery.packet(message));
        }
        samples.add(Forgery.packet(messages));
        samples.add(Forgery.compressedPacket(messages));
        run.flood(() -> {
            byte[] packet = samples.get(random.nextInt(samples.size())).clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            run.attacker().packet(run.victim(), packet);
        });
    }

    /** Row 1: gossip that goes out with answers to a stranger does not reach members. */
    private static void drain(SceneRun run) throws Exception {
        Victim accused = run.cluster().first();
        byte[] ping = Forgery.packet(
                new Ping(1, accused.name(), new Source(run.attacker().ip(), 7946, "stranger")));
        long[] count = new long[1];
        run.pace(100, () -> {
            if (count[0]++ % 100 == 0) {
                byte[] suspicion = Forgery.packet(new Suspect(
                        count[0] / 100 + 1,
                        accused.name(),
                        run.cluster().members().get(1).name()));
                for (Victim member : run.cluster().members()) {
                    run.attacker().packet(member.address(), suspicion);
                }
            }
            run.attacker().packet(accused.address(), ping);
        });
    }

    /** An IPv4 address hashes to its bits, and a socket address adds its port. */
    private static void collisions(SceneRun run) throws Exception {
        int members = 10_000;
        int base = 0x0a070000 + 0xffff;
        int[] next = new int[1];
        run.pace(members / run.seconds(), () -> {
            int port = 1 + next[0]++;
            int host = base - port;
            byte[] address = {(byte) (host >> 24), (byte) (host >> 16), (byte) (host >> 8), (byte) host};
            Alive alive = new Alive(1, "ghost-" + port, address, port, new byte[0], Forgery.VERSIONS);
            run.attacker().packet(run.victim(), Forgery.packet(alive));
        });
    }

    private static void versions(SceneRun run) throws Exception {
        byte[] future = {6, 9, 7, 0, 0, 0};
        byte[] packet = Forgery.packet(new Alive(1, "future", run.attacker().ip(), 7946, new byte[0], future));
        run.pace(1, () -> {
            for (Victim member : run.cluster().members()) {
                run.attacker().packet(member.address(), packet);
            }
        });
        run.join();
    }

    private static void bombs(SceneRun run) throws Exception {
        byte[] bomb = Forgery.compressed(new byte[19 * MIB]);
        byte[] packet = Arrays.copyOf(bomb, Math.min(bomb.length, MAX_PACKET));
        Arrays.fill(packet, packet.length - 8, packet.length, (byte) 0xff);
        run.pace(118, () -> run.attacker().packet(run.victim(), packet));
    }

    private static void pings(SceneRun run) throws Exception {
        byte[] packet = Forgery.packet(
                IntStream.range(0, 255).mapToObj(i -> new Ping(i, "", null)).toArray(Message[]::new));
        run.pace(100, () -> run.attacker().packet(run.victim(), packet));
    }

    private static void reflection(SceneRun run) throws Exception {
        Attacker third = run.anotherAttacker();
        Source source = new Source(third.ip(), third.address().getPort(), "third");
        byte[] ping = Forgery.packet(new Ping(1, "", source));
        byte[] indirect =
                Forgery.packet(new IndirectPing(2, third.ip(), third.address().getPort(), "third", true, source));
        run.pace(100, () -> {
            run.attacker().packet(run.victim(), ping);
            run.attacker().packet(run.victim(), indirect);
        });
        run.note("the third one got %,d bytes", third.bytesReceived());
    }

    private static void outside(SceneRun run) throws Exception {
        Victim other = run.cluster().members().get(1);
        byte[] ping = Forgery.packet(new Ping(1, "", null));
        byte[] leave = Forgery.packet(new Message.Dead(1, other.name(), other.name()));
        byte[] state = Forgery.request(Forgery.ghosts(1));
        run.pace(10, () -> {
            run.attacker().packet(run.victim(), ping);
            run.attacker().packet(run.victim(), leave);
            run.attacker().ask(run.victim(), state);
        });
    }

    /** Row 13: what was recorded is as good as new where nobody remembers that it was outbid. */
    private static void replay(SceneRun run) throws Exception {
        run.join();
        byte[] news = Forgery.encryptedPacket(
                run.random(),
                new Alive(
                        1,
                        VictimCluster.NEWCOMER,
                        new byte[] {127, 0, 0, 4},
                        run.victim().getPort(),
                        new byte[0],
                        Forgery.VERSIONS));
        long began = System.nanoTime();
        run.pace(1000, () -> run.attacker().packet(run.victim(), news));
        List<Long> joins = run.cluster().first().changes().stream()
                .filter(change -> change.event().equals("joined")
                        && change.about().equals(VictimCluster.NEWCOMER)
                        && change.atNanos() - began >= 0)
                .map(change -> change.atNanos() - began)
                .toList();
        if (joins.isEmpty()) {
            run.note("the one that had left did not come back");
        } else {
            run.note("the one that had left came back %d times, first after %.1f s", joins.size(), joins.get(0) / 1e9);
        }
    }
}
