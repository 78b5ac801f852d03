package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.metrics.MessagingStatistics;
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
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One observation in a run. The observer is one process of a node: {@code n3#2} is the second process of node n3. */
public sealed interface Observation {
    /** {@return the text of the line in a trace} */
    String text();

    /** {@return the name of the node that a process is of} */
    static String node(String process) {
        return process.substring(0, process.indexOf('#'));
    }

    /** A process started. */
    record ProcessStarted(String observer, String node, InetSocketAddress address) implements Observation {
        @Override
        public String text() {
            return observer + " starts at " + address.getAddress().getHostAddress() + ":" + address.getPort();
        }
    }

    /** A process ended; it may send nothing more. */
    record ProcessStopped(String observer) implements Observation {
        @Override
        public String text() {
            return observer + " ends";
        }
    }

    /** The host of a running process has another address. */
    record AddressChanged(String observer, String node, InetSocketAddress former, InetSocketAddress address)
            implements Observation {
        @Override
        public String text() {
            return "* the host of " + observer + " moves from " + TraceText.place(former) + " to "
                    + TraceText.place(address);
        }
    }

    /**
     * For some time after the host of a process has got another address, nothing has disturbed the cluster.
     *
     * @param address where the host is now
     * @param seenAt where each process that knows the node sees it
     */
    record AddressSpreads(String node, InetSocketAddress address, Duration since, Map<String, InetSocketAddress> seenAt)
            implements Observation {
        @Override
        public String text() {
            return "* " + node + " has been at " + TraceText.place(address) + " for " + since.toMillis()
                    + " ms, and is seen at " + seenAt;
        }
    }

    /** The timers that remain some time after the orderly shutdown of a process. */
    record TimersLeft(String observer, int timers) implements Observation {
        @Override
        public String text() {
            return observer + " left " + timers + " timers behind";
        }
    }

    /** The application asks its process to leave, or to join again afterwards. */
    record Leaving(String observer, boolean leaves) implements Observation {
        @Override
        public String text() {
            return observer + (leaves ? " leaves" : " comes back");
        }
    }

    /**
     * What a process knows of a member changed between two tasks of its loop. A null {@code after} means that the
     * member was removed.
     */
    record MemberChanged(
            String observer, String member, @Nullable Member after) implements Observation {
        @Override
        public String text() {
            return observer + " sees " + (after == null ? member + " forgotten" : after);
        }
    }

    /** The application of a process was notified of a change. */
    record EventDelivered(String observer, MemberEvent event) implements Observation {
        @Override
        public String text() {
            String kind = event.getClass().getSimpleName().toUpperCase(Locale.ROOT);
            return observer + " is told " + kind + " " + event.member();
        }
    }

    /** The application sent a user message, or provided user state. */
    @SuppressWarnings("ArrayRecordComponent")
    record UserMessageSent(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " sends " + message.length + " bytes, " + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /** A user message or user state arrived at the application. */
    @SuppressWarnings("ArrayRecordComponent")
    record UserMessageReceived(String observer, byte[] message) implements Observation {
        @Override
        public String text() {
            return observer + " receives " + message.length + " bytes, "
                    + Integer.toHexString(Arrays.hashCode(message));
        }
    }

    /**
     * The application of a process sent a cluster message: a broadcast, or a message or request to one member.
     *
     * @param payload begins with the serial number of the message, which is unique
     * @param to the name of the recipient; empty for all members
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
        /** {@return the unique number of the message} */
        public long serial() {
            return serial(payload);
        }

        /** {@return the serial number that a payload begins with; -1 if there is none} */
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
     * A handler or responder of a process received a cluster message.
     *
     * @param dropped how many messages were dropped so far because too many waited
     */
    record ClusterMessageDelivered(String observer, long nanos, ClusterMessage message, long dropped)
            implements Observation {
        @Override
        public String text() {
            return observer + " is given " + ClusterMessageSent.serial(message.payload()) + ": " + message;
        }
    }

    /**
     * The future of a cluster message completed.
     *
     * @param answer the answer to a request
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
     * For some time no fault has struck, and all running processes have known exactly each other.
     *
     * @param sinceNanos when this time began
     * @param dropped how many messages each of these processes dropped because too many waited for its application
     * @param missed how many broadcasts each of them says that it missed for good
     */
    record Quiescent(long nanos, long sinceNanos, Map<String, Long> dropped, Map<String, Long> missed)
            implements Observation {
        @Override
        public String text() {
            return "* quiet for " + (nanos - sinceNanos) / 1_000_000 + " ms: " + dropped.keySet();
        }
    }

    /**
     * A packet that could be decoded has reached a process, at a time of its clock. The process handles it until {@link
     * PacketHandled}.
     */
    record PacketReceived(String observer, Instant now, InetSocketAddress from, List<Message> messages)
            implements Observation {
        @Override
        public String text() {
            return observer + " hears from " + TraceText.place(from) + ": " + TraceText.text(messages);
        }
    }

    /** A process has handled a packet or a task; all changes of its members were reported. */
    record PacketHandled(String observer) implements Observation {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * A process sends a packet.
     *
     * @param now the time of the process's clock
     * @param messages the messages in it, decoded on demand
     * @param crc the checksum of its bytes
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

    /** What a process does on a stream, for a trace. */
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

    /** Other members have become degraded for a process, or are so no longer. */
    record DegradedChanged(String observer, Set<String> members) implements Observation {
        @Override
        public String text() {
            return observer + " takes for degraded: " + members;
        }
    }

    /** A process stood still until now, or begins to shut down; what it measured so far does not count. */
    record Disturbed(String observer, Instant now) implements Observation {
        @Override
        public String text() {
            return observer + " is disturbed until its clock says " + now;
        }
    }

    /** From now on the packets and streams of a process wait, or do so no more. Its timers run. */
    record Blocked(String observer, boolean blocked) implements Observation {
        @Override
        public String text() {
            return observer + (blocked ? " is blocked" : " is blocked no more");
        }
    }

    /**
     * The load that overloaded the machine has gone, and nothing but the cluster itself works there now.
     *
     * @param since how long ago
     * @param processes those that take part
     * @param waiting how many of their tasks wait for a core
     */
    record LoadGone(Duration since, List<String> processes, int waiting) implements Observation {
        @Override
        public String text() {
            return "* the load has been gone for " + since.toMillis() + " ms, " + waiting + " tasks wait";
        }
    }

    /**
     * The resources that a process holds, at a time of its clock.
     *
     * @param oldestStream how long the oldest stream has been open while the process was not blocked
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

    /** A liar, who has the key, sends a process a forged message. */
    record Lie(InetSocketAddress to, Message message) implements Observation {
        @Override
        public String text() {
            return "* a lie to " + TraceText.place(to) + ": " + TraceText.text(message);
        }
    }

    /** A note for the trace, such as a fault. */
    record Note(String what) implements Observation {
        @Override
        public String text() {
            return "* " + what;
        }
    }

    /** An exception left an event loop. */
    record UncaughtException(Throwable failure) implements Observation {
        @Override
        public String text() {
            return "! escaped: " + failure;
        }
    }

    /** The members that a process knows at the end of a run. */
    record RunEnded(String observer, Map<String, Member> view) implements Observation {
        @Override
        public String text() {
            return observer + " ends the run knowing " + view.values();
        }
    }

    /**
     * The time to heal is over, or every node has seen the truth for some time.
     *
     * @param view the members that a live process knows
     * @param expected every live node as it is; no other one may be live
     * @param broadcasts how many broadcasts are still queued
     */
    record HealingOver(String observer, Map<String, Member> view, Map<String, ActualState> expected, int broadcasts)
            implements Observation {
        @Override
        public String text() {
            return observer + " has had its time to heal";
        }
    }

    /** The true address and metadata of a node. */
    @SuppressWarnings("ArrayRecordComponent")
    record ActualState(InetSocketAddress address, byte[] meta) {}
}
