package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.ClusterMessage;
import io.memberlist.messaging.MessageKind;
import io.memberlist.messaging.MessagingStatistics;
import io.memberlist.swim.ResourceUsage;
import io.memberlist.wire.Message;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One thing that was seen in a run. The observer is one process of a node: {@code n3#2} is the second of node n3. */
public sealed interface Observation {
    /** {@return what the line in a trace says} */
    String text();

    /** A process began. */
    record ProcessStarted(String observer, String node, InetSocketAddress address) implements Observation {
        @Override
        public String text() {
            return observer + " starts at " + address.getAddress().getHostAddress() + ":" + address.getPort();
        }
    }

    /** A process ended: nothing may come from it any more. */
    record ProcessStopped(String observer) implements Observation {
        @Override
        public String text() {
            return observer + " ends";
        }
    }

    /** A process that ended in good order was looked at a while later. */
    record TimersLeft(String observer, int timers) implements Observation {
        @Override
        public String text() {
            return observer + " left " + timers + " timers behind";
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
    record MemberChanged(
            String observer, String member, @Nullable Member after) implements Observation {
        @Override
        public String text() {
            return observer + " sees " + (after == null ? member + " forgotten" : after);
        }
    }

    /** The application of a process was told of a change. */
    record EventDelivered(String observer, MemberEvent event) implements Observation {
        @Override
        public String text() {
            String kind = event.getClass().getSimpleName().toUpperCase(Locale.ROOT);
            return observer + " is told " + kind + " " + event.member();
        }
    }

    /** A message of the application was sent, by one of the ways there are. */
    @SuppressWarnings("ArrayRecordComponent")
    record UserMessageSent(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " sends " + message.length + " bytes, " + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /** A message of the application arrived. */
    @SuppressWarnings("ArrayRecordComponent")
    record UserMessageReceived(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " receives " + message.length + " bytes, "
                    + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /**
     * The application of a process broadcast a cluster message, or sent one or a request to one member.
     *
     * @param payload begins with the serial number of the message, unlike that of any other
     * @param to the name of the member it is meant for; empty for everybody
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ClusterMessageSent(
            String observer,
            long nanos,
            MessageKind kind,
            String topic,
            Map<String, String> headers,
            byte[] payload,
            String to)
            implements Observation {
        /** {@return the number that tells it from every other} */
        public long serial() {
            return serial(payload);
        }

        /** {@return the serial number that a payload begins with; -1 where there is none} */
        public static long serial(byte[] payload) {
            return payload.length < Long.BYTES ? -1 : ByteBuffer.wrap(payload).getLong();
        }

        @Override
        public String text() {
            return observer + " posts " + kind + " " + serial() + " of " + payload.length + " bytes on " + topic
                    + (to.isEmpty() ? "" : " to " + to);
        }
    }

    /**
     * A handler or responder of a process was given a cluster message.
     *
     * @param dropped how many others it was not given so far because too many waited
     */
    record ClusterMessageDelivered(String observer, long nanos, ClusterMessage message, long dropped)
            implements Observation {
        @Override
        public String text() {
            return observer + " is given " + ClusterMessageSent.serial(message.payload()) + ": " + message;
        }
    }

    /**
     * What became of a cluster message, as its future says.
     *
     * @param answer to a request that was answered
     */
    record ClusterMessageCompleted(
            String observer,
            long serial,
            @Nullable Throwable failure,
            @Nullable ClusterMessage answer) implements Observation {
        @Override
        public String text() {
            return observer + " is done with " + serial + (failure == null ? "" : ": " + failure)
                    + (answer == null ? "" : ": " + answer);
        }
    }

    /**
     * For some time no fault has struck, and all processes that take part have known of each other and of nobody else.
     *
     * @param sinceNanos when that began
     * @param dropped by each of these processes, of the messages meant for its application, because too many waited
     */
    record Quiescent(long nanos, long sinceNanos, Map<String, Long> dropped) implements Observation {
        @Override
        public String text() {
            return "* quiet for " + (nanos - sinceNanos) / 1_000_000 + " ms: " + dropped.keySet();
        }
    }

    /** A packet that could be read has reached a process, which handles it, at a time of its clock, until {@link PacketHandled}. */
    record PacketReceived(String observer, Instant now, InetSocketAddress from, List<Message> messages)
            implements Observation {
        @Override
        public String text() {
            return observer + " hears from " + TraceText.place(from) + ": " + TraceText.text(messages);
        }
    }

    /** A process has done what it had to do; all changes to what it knows have been seen. */
    record PacketHandled(String observer) implements Observation {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * A process sends a packet.
     *
     * @param now by its own clock
     * @param messages what it says; read when asked for
     * @param crc of its bytes
     */
    record PacketSent(
            String observer, Instant now, InetSocketAddress to, Supplier<List<Message>> messages, LongSupplier crc)
            implements Observation {
        @Override
        public String text() {
            return observer + " says to " + TraceText.place(to) + ": " + TraceText.text(messages.get()) + " (crc "
                    + Long.toHexString(crc.getAsLong()) + ")";
        }
    }

    /** What a process does on a stream: for a trace. */
    record StreamActivity(String observer, String what) implements Observation {
        @Override
        public String text() {
            return observer + " stream " + what;
        }
    }

    /** The local health of a process has changed. */
    record HealthChanged(String observer, int score) implements Observation {
        @Override
        public String text() {
            return observer + " health " + score;
        }
    }

    /** The clock of a process went wrong, or it stood still until now: what it measured does not count. */
    record ClockDisturbed(String observer, Instant now) implements Observation {
        @Override
        public String text() {
            return observer + " is disturbed until its clock says " + now;
        }
    }

    /**
     * What a process holds at a moment of its own clock.
     *
     * @param oldestStream how long the oldest stream has been open while the process could do something about it
     */
    record ResourcesHeld(
            String observer,
            Instant now,
            ResourceUsage held,
            int timers,
            int streams,
            Duration oldestStream,
            MessagingStatistics messaging)
            implements Observation {
        @Override
        public String text() {
            return observer + " holds " + held.members() + " members, " + held.tombstones() + " tombstones, "
                    + held.broadcasts() + " broadcasts, " + held.pings() + " pings, " + held.reconnects()
                    + " reconnects, " + timers + " timers, " + streams + " streams, " + messaging.stored()
                    + " cluster messages, " + messaging.held() + " out of their turn";
        }
    }

    /** Something befell the cluster. */
    record Note(String what) implements Observation {
        @Override
        public String text() {
            return "* " + what;
        }
    }

    /** Something was thrown out of an event loop. */
    record UncaughtException(Throwable failure) implements Observation {
        @Override
        public String text() {
            return "! escaped: " + failure;
        }
    }

    /** A process at the end of a run: all it knows, and which of its events the application has not been told yet. */
    record RunEnded(String observer, Map<String, Member> view) implements Observation {
        @Override
        public String text() {
            return observer + " ends the run knowing " + view.values();
        }
    }

    /**
     * The time the cluster was given to heal is over, or every node has long seen what it should.
     *
     * @param view what a live process knows
     * @param expected every live node, as it is; nobody else may count as live
     * @param broadcasts how many still wait
     */
    record HealingOver(String observer, Map<String, Member> view, Map<String, ActualState> expected, int broadcasts)
            implements Observation {
        @Override
        public String text() {
            return observer + " has had its time to heal";
        }
    }

    /** What is so. */
    @SuppressWarnings("ArrayRecordComponent")
    record ActualState(InetSocketAddress address, byte[] meta) {}
}
