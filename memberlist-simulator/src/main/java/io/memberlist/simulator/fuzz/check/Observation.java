package io.memberlist.simulator.fuzz.check;

import io.memberlist.Member;
import io.memberlist.delegate.MemberEvent;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that was seen in a run. The observer is one process of a node: {@code n3#2} is the second of node n3. */
public sealed interface Observation {
    /** {@return what the line in a trace says} */
    String text();

    /** A process began. */
    record Started(String observer, String node, InetSocketAddress address) implements Observation {
        @Override
        public String text() {
            return observer + " starts at " + address.getAddress().getHostAddress() + ":" + address.getPort();
        }
    }

    /** A process ended: nothing may come from it any more. */
    record Stopped(String observer) implements Observation {
        @Override
        public String text() {
            return observer + " ends";
        }
    }

    /** The application of a process asks it to leave, or to join again after that. */
    record Leaving(String observer, boolean leaves) implements Observation {
        @Override
        public String text() {
            return observer + (leaves ? " leaves" : " comes back");
        }
    }

    /** What a process knows of a member changed, between one task of its loop and the next; null after: forgotten. */
    record Seen(String observer, String member, @Nullable Member after) implements Observation {
        @Override
        public String text() {
            return observer + " sees " + (after == null ? member + " forgotten" : after);
        }
    }

    /** The application of a process was told of a change. */
    record Told(String observer, MemberEvent event) implements Observation {
        @Override
        public String text() {
            return observer + " is told " + event.type() + " " + event.member();
        }
    }

    /** A message of the application was sent, by one of the ways there are. */
    @SuppressWarnings("ArrayRecordComponent")
    record Sent(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " sends " + message.length + " bytes, " + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /** A message of the application arrived. */
    @SuppressWarnings("ArrayRecordComponent")
    record Received(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " receives " + message.length + " bytes, "
                    + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /** What a process holds at a moment. */
    record Holds(String observer, int members, int queued, int timers, int streams) implements Observation {
        @Override
        public String text() {
            return observer + " holds " + members + " members, " + queued + " broadcasts, " + timers + " timers, "
                    + streams + " streams";
        }
    }

    /** Something befell the world. */
    record Happened(String what) implements Observation {
        @Override
        public String text() {
            return "* " + what;
        }
    }

    /** Something was thrown out of an event loop. */
    record Escaped(Throwable failure) implements Observation {
        @Override
        public String text() {
            return "! escaped: " + failure;
        }
    }

    /** A process at the end of a run: all it knows, and which of its events the application has not been told yet. */
    record Ended(String observer, Map<String, Member> view) implements Observation {
        @Override
        public String text() {
            return observer + " ends the run knowing " + view.values();
        }
    }

    /**
     * The time the world was given to heal is over, or every node has long seen what it should.
     *
     * @param view what a live process knows
     * @param expected every live node, as it is; nobody else may count as live
     */
    record Healed(String observer, Map<String, Member> view, Map<String, Truth> expected) implements Observation {
        @Override
        public String text() {
            return observer + " has had its time to heal";
        }
    }

    /** What is so. */
    @SuppressWarnings("ArrayRecordComponent")
    record Truth(InetSocketAddress address, byte[] meta) {}
}
