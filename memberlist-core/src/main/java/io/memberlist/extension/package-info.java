/**
 * The port that layers attach to. Whoever wants to add a protocol of their own to members, without a change on the wire and
 * without a second socket, implements {@link io.memberlist.extension.Extension} and gives it to the configuration:
 *
 * <pre>{@code
 * Memberlist member = Memberlist.create(MemberlistConfig.lan().extension(new MyProtocol()).build());
 * }</pre>
 *
 * <p>Everything happens on the member's event loop, so an extension needs no locks; it takes time, timers and chance from
 * that loop alone, and then also runs in virtual time. Its messages are user messages of the memberlist protocol. They are
 * told apart by their first bytes: choose a few that no text begins with, and claim what begins with them. Members that do
 * not have the extension, and those of the Go library, hand such messages to their application.
 *
 * <p>A member can have several extensions; they are asked in the order of the configuration.
 */
@NullMarked
package io.memberlist.extension;

import org.jspecify.annotations.NullMarked;
