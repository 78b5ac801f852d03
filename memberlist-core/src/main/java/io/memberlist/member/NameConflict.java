package io.memberlist.member;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * Others know another process under the name of this member, and ignore this one. The conflict ends by itself when the
 * other process has failed or left.
 *
 * @param name the name that both claim
 * @param holder the address of the process that others know
 * @param answers whether that process answered when it was last asked; if not, it is most likely a former process of this
 *     member, and this one takes its place as soon as the cluster has declared it dead
 * @param since when this member learned of it, by its own clock
 */
public record NameConflict(String name, InetSocketAddress holder, boolean answers, Instant since) {
    /** {@return what an operator must know: who has the name, and what to do} */
    public String describe() {
        String host = holder.getAddress().getHostAddress();
        String who = "the name '" + name + "' is taken by " + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + holder.getPort();
        return answers
                ? who + ", which answers: give one of the two another node name (memberlist.node-name)"
                : who + ", which does not answer: this member takes its place when the cluster has declared it dead";
    }
}
