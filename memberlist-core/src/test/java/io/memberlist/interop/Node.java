package io.memberlist.interop;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;

/** A node of a mixed cluster: what a test asks of one, whichever language it is written in. */
interface Node extends AutoCloseable {
    String name();

    /** {@return where the node listens, as {@code ip:port}, which is how a seed is written} */
    String seed();

    /** {@return this node's view of the members it takes for alive or suspects} */
    Set<MemberView> live();

    /** {@return this node's view of every member it knows of} */
    Set<MemberView> all();

    /** Joins the cluster of a node, which must succeed. */
    void join(Node seed);

    /** Tells the cluster that this node leaves, and waits until the news is out. */
    void leave();

    /** {@return the warnings and errors logged so far, but those that tell only of late answers} */
    List<String> complaints();

    /** Tells the cluster of new metadata, and waits until the news is out. */
    void updateMeta(String meta);

    /** Queues a user broadcast. */
    void broadcast(String message);

    /** Waits until that user message has come. Fails if it does not in time. */
    void awaitMessage(String message, Duration timeout);

    /** Waits until that user state has come with a push/pull. Fails if it does not in time. */
    void awaitRemoteState(String state, Duration timeout);

    /**
     * Waits until this node was told that a member is gone.
     *
     * @return {@code left} if it left, {@code dead} if it was found dead
     */
    String awaitGone(String member, Duration timeout);

    /** Ends without a word to the cluster. */
    void kill();

    @Override
    void close();

    /** {@return the names of the members this node takes for alive or suspects} */
    default Set<String> liveNames() {
        return live().stream().map(MemberView::name).collect(Collectors.toSet());
    }

    /** {@return this node's view of that member, in whatever state} */
    default MemberView view(String member) {
        return all().stream()
                .filter(view -> view.name().equals(member))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name() + " does not know of " + member));
    }
}
