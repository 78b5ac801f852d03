package io.memberlist.interop;

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
