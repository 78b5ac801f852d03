package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.EncryptionConfig;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.logging.LogText;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.keys.KeyReport;
import io.memberlist.messaging.keys.KeyRequest;
import io.memberlist.messaging.keys.KeyStepRefusedException;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.NoResponderException;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.transport.Causes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the keys of all members while the cluster runs: installs a new key everywhere, uses it everywhere, and removes the
 * old one everywhere. Each step asks all live members by requests, which travel encrypted, and waits for each. A step may be
 * repeated, by any member, and does nothing where it has been done. A step that would cut a member off is refused, since
 * between the steps every member decrypts the traffic of every other.
 *
 * <p>A member answers such requests from the creation of its {@code ClusterKeys} until {@link #close}. It needs keys, and
 * must neither send nor accept plaintext. Members on the Go library cannot answer: change their keys by their own means.
 * The change lasts until a member stops, so put the new key into its configuration as well. Safe from any thread.
 */
public final class ClusterKeys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Each takes up a stream. */
    private static final int ASKED_AT_ONCE = 32;

    private final Memberlist member;
    private final ClusterMessaging messaging;
    private final Keyring keyring;
    private final Subscription responder;

    /**
     * Lets a member take part in changes of keys.
     *
     * @param member a member with {@linkplain ClusterMessaging cluster messages}
     * @throws MemberlistException if it has no keys or no cluster messages, or sends or accepts plaintext, so that keys could
     *     be read or set by anybody
     */
    public ClusterKeys(Memberlist member) {
        Keyring keys = member.config().encryption().keyring();
        if (keys == null || !isSafe(member.config().encryption())) {
            throw new MemberlistException(
                    "the keys of a cluster can only be changed by members that have keys, and that neither"
                            + " send nor accept plaintext (verifyOutgoing, verifyIncoming)");
        }
        this.member = member;
        this.keyring = keys;
        this.messaging = ClusterMessaging.of(member);
        this.responder = messaging.respond(KeyRequest.TOPIC, this::answer);
    }

    /** {@return whether a member with this configuration can take part} */
    public static boolean possibleWith(MemberlistConfig config) {
        return isSafe(config.encryption())
                && config.extensions().stream().anyMatch(DefaultClusterMessaging.Layer.class::isInstance);
    }

    private static boolean isSafe(EncryptionConfig encryption) {
        return encryption.keyring() != null && encryption.verifyIncoming() && encryption.verifyOutgoing();
    }

    /** {@return which keys each live member has; never fails} */
    public CompletableFuture<KeyReport> list() {
        return askAll(KeyRequest.list());
    }

    /**
     * Adds a key at all live members, so that they decrypt with it.
     *
     * @param key 16, 24 or 32 bytes
     * @return who has it now, and who did not answer; never fails
     * @throws MemberlistException if the key has another length
     */
    public CompletableFuture<KeyReport> install(byte[] key) {
        // Checks the key, without showing it.
        Keyring.of(key);
        return askAll(KeyRequest.install(key));
    }

    /**
     * Makes all live members encrypt with a key.
     *
     * @param fingerprint of the key, as {@link Keyring#fingerprint} gives it
     * @param force whether to go on although some members have not installed the key, or did not say so. They will not
     *     understand the others
     * @return who uses it now, and who did not answer; fails with {@link KeyStepRefusedException} where members are not ready
     */
    public CompletableFuture<KeyReport> use(String fingerprint, boolean force) {
        return after(
                keys -> keys.contains(fingerprint),
                "have not installed the key " + fingerprint + ": install it there first",
                force,
                KeyRequest.use(fingerprint));
    }

    /**
     * Removes a key from all live members.
     *
     * @param fingerprint of the key
     * @param force whether to go on although some members encrypt with the key, or did not say that they do not
     * @return who has removed it, and who did not answer; fails with {@link KeyStepRefusedException} where members are not
     *     ready
     */
    public CompletableFuture<KeyReport> remove(String fingerprint, boolean force) {
        return after(
                keys -> !keys.isEmpty() && !keys.get(0).equals(fingerprint),
                "may encrypt with the key " + fingerprint + ": have all members use another key first",
                force,
                KeyRequest.remove(fingerprint));
    }

    /**
     * Replaces all keys by a new one: {@linkplain #install installs} it, {@linkplain #use uses} it, and {@linkplain #remove
     * removes} every other. Stops where a member does not do its part; call it again with the same key to go on from there.
     *
     * @param key 16, 24 or 32 bytes
     * @return the result of the last step, which is {@linkplain KeyReport#complete complete} if all members have the new key
     *     and no other; fails with {@link KeyStepRefusedException} where a member did not do its part
     */
    public CompletableFuture<KeyReport> rotate(byte[] key) {
        String fingerprint = Keyring.fingerprint(key);
        return install(key)
                .thenCompose(installed -> use(fingerprint, false))
                .thenCompose(used -> complete(used, "do not use the key " + fingerprint + " yet"))
                .thenCompose(used -> removeAll(
                        used,
                        new ArrayDeque<>(used.keys().values().stream()
                                .flatMap(List::stream)
                                .filter(other -> !other.equals(fingerprint))
                                .distinct()
                                .toList())));
    }

    /** Answers no requests any more. */
    @Override
    public void close() {
        responder.close();
    }

    private CompletableFuture<KeyReport> removeAll(KeyReport last, Queue<String> fingerprints) {
        String next = fingerprints.poll();
        return next == null
                ? CompletableFuture.completedFuture(last)
                : remove(next, false)
                        .thenCompose(removed -> complete(removed, "have not removed the key " + next))
                        .thenCompose(removed -> removeAll(removed, fingerprints));
    }

    private static CompletableFuture<KeyReport> complete(KeyReport report, String otherwise) {
        return report.complete()
                ? CompletableFuture.completedFuture(report)
                : CompletableFuture.failedFuture(new KeyStepRefusedException(
                        "these members " + otherwise + ": " + report.missing() + "; try again", report));
    }

    private CompletableFuture<KeyReport> after(
            Predicate<List<String>> ready, String otherwise, boolean force, byte[] request) {
        if (force) {
            return askAll(request);
        }
        return list().thenCompose(report -> {
            List<String> notReady = new ArrayList<>();
            report.keys().forEach((name, keys) -> {
                if (!ready.test(keys)) {
                    notReady.add(name);
                }
            });
            report.missing().forEach((name, why) -> notReady.add(name + " (" + why + ")"));
            return notReady.isEmpty()
                    ? askAll(request)
                    : CompletableFuture.failedFuture(new KeyStepRefusedException(
                            "these members " + otherwise + ": " + String.join(", ", notReady), report));
        });
    }

    private CompletableFuture<KeyReport> askAll(byte[] request) {
        return new Round(request, member.members()).begin();
    }

    private CompletableFuture<byte[]> answer(ClusterMessage request) {
        List<String> before = keyring.fingerprints();
        byte[] answer = KeyRequest.apply(request.payload(), keyring);
        if (!keyring.fingerprints().equals(before)) {
            log.info(
                    "{} changed the keys of {}: they were {} and are {}, the first encrypts",
                    LogText.printable(request.origin()),
                    member.localMember().name(),
                    before,
                    keyring.fingerprints());
        }
        return CompletableFuture.completedFuture(answer);
    }

    /** One request to each member, some at a time. */
    private final class Round {
        private final byte[] request;
        private final Queue<Member> waiting;
        private final Map<String, List<String>> keys = new ConcurrentHashMap<>();
        private final Map<String, String> missing = new ConcurrentHashMap<>();
        private final CompletableFuture<KeyReport> result = new CompletableFuture<>();
        private int open;

        Round(byte[] request, List<Member> members) {
            this.request = request;
            this.waiting = new ArrayDeque<>(members);
        }

        CompletableFuture<KeyReport> begin() {
            next();
            return result;
        }

        private void next() {
            List<Member> asked = new ArrayList<>();
            boolean over;
            synchronized (this) {
                while (open < ASKED_AT_ONCE && !waiting.isEmpty()) {
                    open++;
                    asked.add(waiting.remove());
                }
                over = open == 0;
            }
            for (Member to : asked) {
                messaging.request(to, KeyRequest.TOPIC, request, TIMEOUT).whenComplete((answer, failure) -> {
                    note(to.name(), answer, failure);
                    synchronized (this) {
                        open--;
                    }
                    next();
                });
            }
            if (over) {
                result.complete(new KeyReport(keys, missing));
            }
        }

        private void note(String name, @Nullable ClusterMessage answer, @Nullable Throwable failure) {
            if (answer != null) {
                keys.put(name, KeyRequest.fingerprints(answer.payload()));
            } else {
                missing.put(
                        name, reason(failure == null ? new MessagingException("no answer") : Causes.unwrap(failure)));
            }
        }

        private static String reason(Throwable failure) {
            if (failure instanceof TimeoutException) {
                return "no answer within " + TIMEOUT.toSeconds()
                        + " s; a member on the Go library, or without cluster messages, cannot answer";
            }
            if (failure instanceof NoResponderException) {
                return "does not take part in changes of keys: another version, or it sends or accepts plaintext";
            }
            return String.valueOf(failure.getMessage());
        }
    }
}
