package io.memberlist.swim;

import io.memberlist.extension.Extension;
import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.MemberEvent;
import io.memberlist.transport.EventLoop;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls the extensions of a member, in the order of the configuration. What they throw goes to the loop's log, errors
 * included: a class that is missing in an extension is no reason for the member to stand still.
 */
final class Extensions {
    private final List<Extension> all;
    private final EventLoop loop;
    private int started;
    private boolean over;

    Extensions(List<Extension> all, EventLoop loop) {
        this.all = all;
        this.loop = loop;
    }

    /** Starts all of them, or none where one throws. */
    void start(ExtensionContext context) {
        try {
            while (started < all.size()) {
                all.get(started).start(context);
                started++;
            }
        } catch (Throwable e) {
            stop();
            throw e;
        }
    }

    /** Stops those that were started, the last one first. */
    void stop() {
        over = true;
        while (started > 0) {
            started--;
            guarded(all.get(started)::stop);
        }
    }

    /** {@return whether they were stopped, or could not start} Nothing that comes late concerns them then. */
    boolean areOver() {
        return over;
    }

    /** {@return the first extension that claims a user message, or null where it is the application's} */
    @Nullable
    Extension claimant(byte[] payload) {
        for (Extension extension : all) {
            try {
                if (extension.claims(payload)) {
                    return extension;
                }
            } catch (Throwable e) {
                report(e);
            }
        }
        return null;
    }

    void stateExchanged(InetSocketAddress with) {
        for (Extension extension : all) {
            guarded(() -> extension.stateExchanged(with));
        }
    }

    /** Not before the start: the first thing that happens to a member is that it joins itself. */
    void memberChanged(MemberEvent event) {
        for (Extension extension : all.subList(0, started)) {
            guarded(() -> extension.memberChanged(event));
        }
    }

    /** Calls an extension, which must not harm the member. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    /** In a task of its own, so that the protocol goes on with what it was at. */
    private void report(Throwable failure) {
        loop.execute(() -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw failure instanceof RuntimeException unchecked ? unchecked : new UndeclaredThrowableException(failure);
        });
    }
}
