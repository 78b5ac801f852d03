package io.memberlist.benchmarks.hostile;

import java.util.List;
import java.util.stream.Stream;

/** All scenes, in the order of the table. */
final class Scenes {
    private Scenes() {}

    static List<Scene> all() {
        return Stream.of(PacketScenes.ALL, StreamScenes.ALL, MemberScenes.ALL)
                .flatMap(List::stream)
                .toList();
    }
}
