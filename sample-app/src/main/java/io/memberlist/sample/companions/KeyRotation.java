package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.transport.Causes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Replaces the key of the running cluster in three steps that lose nothing: all members install the new key, then all
 * use it, then all remove the others. Requests over streams carry the key, encrypted by the old key, as Serf's keyring
 * commands do.
 */
@Component
public class KeyRotation {
    private static final String TOPIC = "sample.key";
    private static final int KEY_BYTES = 32;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Companions companions;
    private final FaultInjectingNetwork network;
    private final ClusterLog log;

    /** The steps; the names are on the wire. */
    private enum Step {
        LEARN,
        USE,
        FORGET_OTHERS,
        /** If not all members have installed it. */
        FORGET
    }

    KeyRotation(Companions companions, FaultInjectingNetwork network, ClusterLog log) {
        this.companions = companions;
        this.network = network;
        this.log = log;
    }

    /** Lets a member take part in rotations. */
    static void attach(Memberlist member) {
        Keyring keyring = member.config().encryption().keyring();
        if (keyring != null) {
            ClusterMessaging.of(member).respond(TOPIC, request -> {
                apply(keyring, request);
                return CompletableFuture.completedFuture(new byte[0]);
            });
        }
    }

    /** {@return why the key cannot be rotated now, null if it can} */
    public @Nullable String whyNot() {
        if (companions.main().keyring() == null) {
            return "The cluster is not encrypted: start it with --sample.encrypted=true, or with keys in"
                    + " memberlist.encryption.keys.";
        }
        if (network.isCut()) {
            return "The network is cut, and the other half would not learn the new key: heal it first.";
        }
        return companions.all().stream().anyMatch(one -> one.endpoint().isPaused())
                ? "A paused member would not learn the new key: resume it first."
                : null;
    }

    /** {@return the fingerprint of the new key} One rotation at a time, and no member starts meanwhile. */
    public String rotate() {
        refuseIfNot();
        return companions.withAllJoined(this::replaceKey);
    }

    private void refuseIfNot() {
        String reason = whyNot();
        if (reason != null) {
            throw RejectedRequestException.because(reason);
        }
    }

    private String replaceKey() {
        refuseIfNot();
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Memberlist main = companions.main().memberlist();
        List<Member> members = List.copyOf(main.members());
        try {
            ask(main, members, Step.LEARN, key, "The key stays as it is");
        } catch (RejectedRequestException e) {
            // a member that misses this keeps a key that no member uses, until the next rotation
            tell(main, members, Step.FORGET, key);
            throw e;
        }
        log.add("action", "", "All " + members.size() + " members know the new key");
        ask(
                main,
                members,
                Step.USE,
                key,
                "All know the new key, but not all use it. All can read both keys: try again");
        log.add("action", "", "All members encrypt with the new key");
        ask(main, members, Step.FORGET_OTHERS, key, "All use the new key, but not all have removed the others");
        return Keyring.fingerprint(key);
    }

    private static List<CompletableFuture<ClusterMessage>> tell(
            Memberlist main, List<Member> members, Step step, byte[] key) {
        byte[] request = (step + " " + Base64.getEncoder().encodeToString(key)).getBytes(StandardCharsets.US_ASCII);
        return members.stream()
                .map(member -> ClusterMessaging.of(main).request(member, TOPIC, request, TIMEOUT))
                .toList();
    }

    private static void ask(Memberlist main, List<Member> members, Step step, byte[] key, String otherwise) {
        List<CompletableFuture<ClusterMessage>> told = tell(main, members, step, key);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i).name();
            answers.add(told.get(i).exceptionally(failure -> {
                throw RejectedRequestException.because(
                        otherwise + ". " + member + " did not answer as it should: " + reason(failure) + ".");
            }));
        }
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RejectedRequestException refusal ? refusal : e;
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = Causes.unwrap(failure);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static void apply(Keyring keyring, ClusterMessage request) {
        String[] words = request.payloadText().split(" ");
        if (words.length != 2) {
            throw new MemberlistException("a step and a key are wanted");
        }
        byte[] key = Base64.getDecoder().decode(words[1]);
        switch (Step.valueOf(words[0])) {
            case LEARN -> keyring.add(key);
            case USE -> keyring.use(key);
            case FORGET -> keyring.remove(key);
            case FORGET_OTHERS ->
                keyring.keys().subList(1, keyring.keys().size()).forEach(keyring::remove);
        }
    }
}
