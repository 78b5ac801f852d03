package io.memberlist.sample.web;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.member.Member;
import io.memberlist.sample.companions.Companion;
import io.memberlist.sample.companions.Companions;
import io.memberlist.sample.companions.DisseminationTracker;
import io.memberlist.sample.companions.FaultInjector;
import io.memberlist.sample.companions.KeyRotation;
import io.memberlist.sample.companions.ProcessTags;
import io.memberlist.sample.companions.RoundTrips;
import io.memberlist.sample.companions.SuspicionDeadlines;
import io.memberlist.sample.companions.TagChange;
import io.memberlist.sample.network.FaultInjectingNetwork;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Creates the view of the cluster that the page shows. */
@Component
record ClusterViewFactory(
        Companions companions,
        FaultInjectingNetwork network,
        DisseminationTracker dissemination,
        RoundTrips roundTrips,
        FaultInjector faults,
        TagChange tagChange,
        KeyRotation keyRotation,
        SuspicionDeadlines deadlines) {
    ClusterView create() {
        Memberlist main = companions.main().memberlist();
        Map<String, Companion> here =
                companions.all().stream().collect(Collectors.toMap(Companion::name, Function.identity()));
        Keyring keyring = companions.main().keyring();
        return new ClusterView(
                main.localMember().name(),
                main.isRunning(),
                main.hasLeft(),
                main.numMembers(),
                main.healthScore(),
                main.config().network().label(),
                keyring == null ? List.of() : keyring.fingerprints(),
                companions.areWanted(),
                network.isCut(),
                network.lossPercent(),
                members(main, here),
                views(here),
                dissemination.latest(),
                unavailable());
    }

    /** This member, then those of other processes, then the companions by number: a cut goes between neighbours. */
    private static Comparator<Member> ringOrder(String local) {
        return Comparator.<Member>comparingInt(member -> member.name().equals(local) ? 0 : 1)
                .thenComparing(member -> member.name().startsWith(local))
                .thenComparing(member -> member.name().length())
                .thenComparing(Member::name);
    }

    /** All that this member knows, and those of this JVM that it has forgotten. */
    private List<ClusterView.MemberView> members(Memberlist main, Map<String, Companion> here) {
        Set<String> known = main.allMembers().stream().map(Member::name).collect(Collectors.toSet());
        Stream<Member> forgotten = here.values().stream()
                .map(companion -> companion.memberlist().localMember())
                .filter(member -> !known.contains(member.name()));
        return Stream.concat(main.allMembers().stream(), forgotten)
                .sorted(ringOrder(main.localMember().name()))
                .map(member -> member(member, known.contains(member.name()), here.get(member.name())))
                .toList();
    }

    private ClusterView.MemberView member(Member member, boolean known, @Nullable Companion here) {
        Duration roundTrip = roundTrips.to(member.name());
        Keyring keyring = here == null ? null : here.keyring();
        return new ClusterView.MemberView(
                member.name(),
                Companions.text(member.address()),
                known ? word(member) : "unknown",
                known ? member.stateSince() : null,
                known ? deadlines.of(member) : null,
                member.incarnation(),
                new TreeMap<>(member.tags()),
                member.tags().isEmpty() ? meta(member.meta()) : null,
                roundTrip == null ? null : roundTrip.toNanos() / 10_000 / 100.0,
                here == null ? null : here.memberlist().healthScore(),
                keyring == null ? null : keyring.fingerprints().get(0),
                companions.truth(member.name()).name().toLowerCase(Locale.ROOT),
                network.isOnOtherSide(member.address()),
                ProcessTags.pid(member),
                ProcessTags.page(member),
                faults.whyNot(member.name()),
                tagChange.whyNot(member.name()));
    }

    private static Map<String, Map<String, String>> views(Map<String, Companion> here) {
        Map<String, Map<String, String>> views = new TreeMap<>();
        here.forEach((name, companion) -> views.put(
                name,
                companion.memberlist().allMembers().stream()
                        .collect(Collectors.toMap(Member::name, ClusterViewFactory::word, (a, b) -> a, TreeMap::new))));
        return views;
    }

    private Map<String, String> unavailable() {
        Map<String, String> reasons = new TreeMap<>();
        put(reasons, "start", faults.whyNoCompanions());
        put(reasons, "loss", faults.whyNoCompanions());
        put(reasons, "cut", faults.whyNoCut());
        put(reasons, "key", keyRotation.whyNot());
        return reasons;
    }

    private static void put(Map<String, String> reasons, String what, @Nullable String reason) {
        if (reason != null) {
            reasons.put(what, reason);
        }
    }

    private static String word(Member member) {
        return member.state().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String meta(byte[] meta) {
        try {
            return meta.length == 0
                    ? null
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(meta))
                            .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
