package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.transport.virtual.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what all members are notified of, by its subject. */
final class DisseminationObservers {
    /** The beginning of a gossiped message that receivers pass on. */
    static final String PASS_ON = "pass on: ";

    private final VirtualTime time;
    private final Map<Subject, Dissemination> watched = new HashMap<>();
    private int falseFailures;

    DisseminationObservers(VirtualTime time) {
        this.time = time;
    }

    /** The kinds of updates about a member, or of messages. */
    enum Kind {
        JOIN,
        UPDATE,
        LEAVE,
        FAILURE,
        BROADCAST,
        MESSAGE
    }

    private record Subject(Kind kind, String name) {}

    void watch(Kind kind, String name, Dissemination spread) {
        watched.put(new Subject(kind, name), spread);
    }

    /** {@return the number of false failure detections} */
    int falseFailures() {
        return falseFailures;
    }

    /** {@return the delegate of one member} */
    MemberDelegate delegate(int observer) {
        return new MemberDelegate(observer);
    }

    /** One member's delegate. */
    final class MemberDelegate implements EventDelegate, MessageDelegate {
        private final int observer;
        private @Nullable Memberlist passingOn;

        private MemberDelegate(int observer) {
            this.observer = observer;
        }

        /** Passes gossiped messages on, as an application must do to reach all members: gossip alone does not. */
        void passOn(Memberlist member) {
            passingOn = member;
        }

        private boolean heard(Kind kind, String name) {
            Dissemination spread = watched.get(new Subject(kind, name));
            if (spread == null) {
                return false;
            }
            boolean first = spread.heardBy(observer, time.nanos());
            if (first && kind == Kind.BROADCAST && name.startsWith(PASS_ON) && passingOn != null) {
                passingOn.gossip(name.getBytes(StandardCharsets.UTF_8));
            }
            return true;
        }

        @Override
        public void memberEvent(MemberEvent event) {
            String name = event.member().name();
            if (event instanceof MemberEvent.Joined) {
                heard(Kind.JOIN, name);
            } else if (event instanceof MemberEvent.Updated) {
                heard(Kind.UPDATE, name);
            } else if (event instanceof MemberEvent.Left) {
                heard(Kind.LEAVE, name);
            } else if (event instanceof MemberEvent.Failed && !heard(Kind.FAILURE, name)) {
                falseFailures++;
            }
        }

        /** Records a cluster message, whose text ends at the first zero byte. */
        void clusterMessage(String text) {
            int end = text.indexOf(0);
            heard(Kind.MESSAGE, end < 0 ? text : text.substring(0, end));
        }

        @Override
        public void messageReceived(byte[] message) {
            heard(Kind.BROADCAST, new String(message, StandardCharsets.UTF_8));
        }
    }
}
