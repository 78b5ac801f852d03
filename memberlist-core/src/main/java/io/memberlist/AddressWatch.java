package io.memberlist;

import io.memberlist.AddressChooser.Candidate;
import io.memberlist.AdvertisedAddress.Origin;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.swim.SwimNode;
import io.memberlist.transport.Causes;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether the machine still has the address that its member advertises. When the address is gone, or
 * when the machine has a better one at last, the member advertises another. What was configured is not replaced; the log and
 * {@link #problem} say what to do then. Confined to the loop, except where a method says otherwise.
 */
final class AddressWatch {
    /** An address that is renewed may be gone for a moment, so two looks must miss it. */
    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final MemberlistConfig config;
    private final Transport transport;
    private final SwimNode node;
    private final EventLoop loop;
    private volatile AdvertisedAddress current;
    private volatile @Nullable String lost;
    private List<HostInterface> interfaces;
    private boolean wasHere;
    private boolean missedOnce;
    private boolean stopped;
    private EventLoop.Timer timer = () -> {};

    AddressWatch(MemberlistConfig config, Transport transport, SwimNode node, AdvertisedAddress first) {
        this.config = config;
        this.transport = transport;
        this.node = node;
        this.loop = transport.eventLoop();
        this.current = first;
        this.wasHere = first.origin() == Origin.CHOSEN;
        // they were read for the choice a moment ago
        this.interfaces = mayChoose() ? transport.interfaces() : List.of();
    }

    /** Begins to look. Does nothing where a loopback address is advertised on purpose. */
    void start() {
        node.seedListener(this::seedsFound);
        if (current.origin() == Origin.PROVISIONAL || !current.ip().isLoopbackAddress()) {
            look();
        }
    }

    /**
     * Takes an address in the network of the seeds, as long as this member knows nobody. The default route of a container may
     * lead to a network that exists on its host only, while its members share another one; and a network of its own for a
     * cluster often has no way out.
     */
    private void seedsFound(List<InetSocketAddress> seeds) {
        boolean free = mayChoose() && !config.network().choosesAdvertised();
        if (!free || stopped || node.table().live() > 1) {
            return;
        }
        InetAddress bound = transport.boundAddress().getAddress();
        Candidate near = new AddressChooser(config.network(), bound, interfaces).near(current.ip(), seeds);
        if (near != null) {
            take(AdvertisedAddress.of(
                    near,
                    Origin.CHOSEN,
                    current.address().getPort(),
                    "the seeds are in its network, not in that of " + text()));
        }
    }

    private void take(AdvertisedAddress next) {
        log.info("{}: advertising {}", config.nodeName(), next.text());
        current = next;
        lost = null;
        missedOnce = false;
        wasHere = true;
        Launch.warnOfAddress(config, next);
        transport.advertise(next.address());
        node.moveTo(next.address());
    }

    private boolean mayChoose() {
        return current.origin() == Origin.CHOSEN || current.origin() == Origin.PROVISIONAL;
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    /** {@return why others cannot reach this member at the address it advertises, and what to do} May be read from anywhere. */
    Optional<String> problem() {
        String gone = lost;
        if (gone != null) {
            return Optional.of(gone);
        }
        AdvertisedAddress now = current;
        return now.ip().isLoopbackAddress() && node.soughtElsewhere()
                ? Optional.of(onlyLoopback(now))
                : node.arrivalProblem();
    }

    private static String onlyLoopback(AdvertisedAddress now) {
        String remedy = now.origin() == Origin.PROVISIONAL
                ? "it advertises another address as soon as this machine has one"
                : "bind 0.0.0.0 and advertise an address that leads to them";
        return "this member advertises " + AddressChooser.text(now.ip())
                + ", and its seeds are on other machines, which cannot reach it there: " + remedy;
    }

    private void look() {
        loop.<Looked>offload(this::lookAtTheMachine, (looked, failure) -> {
            if (stopped) {
                return;
            }
            boolean goOn = true;
            if (looked != null) {
                goOn = wasHere || looked.here || current.origin() == Origin.PROVISIONAL;
                wasHere |= looked.here;
                interfaces = looked.interfaces;
                seen(looked);
            }
            // an address that this machine never had belongs to a router in front of it
            if (goOn) {
                timer = loop.schedule(INTERVAL_NANOS, this::look);
            }
        });
    }

    /**
     * What a look found.
     *
     * @param interfaces those of the machine
     * @param here whether the machine has the advertised address
     * @param next what would be advertised now; null where that makes no difference
     */
    private record Looked(
            List<HostInterface> interfaces,
            boolean here,
            @Nullable CompletableFuture<AdvertisedAddress> next) {}

    private Looked lookAtTheMachine() {
        AdvertisedAddress now = current;
        List<HostInterface> found = transport.interfaces();
        boolean here = AdvertisedAddress.isHere(found, now.ip());
        boolean keep = here && now.origin() != Origin.PROVISIONAL;
        return new Looked(found, here, keep ? null : AdvertisedAddress.find(config, transport));
    }

    private void seen(Looked looked) {
        if (looked.here) {
            missedOnce = false;
            if (lost != null) {
                lost = null;
                log.info("{}: this machine has the address {} again", config.nodeName(), text());
            }
        } else if (!missedOnce) {
            missedOnce = true;
            return;
        }
        if (looked.next != null) {
            looked.next.whenComplete((next, failure) -> loop.execute(() -> found(looked.here, next, failure)));
        }
    }

    private void found(boolean here, @Nullable AdvertisedAddress next, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        if (next != null && mayTake(here, next)) {
            log.info(
                    "{}: {} {}",
                    config.nodeName(),
                    text(),
                    here ? "is not the only address of this machine any more" : "is gone from this machine");
            take(next);
        } else if (!here && lost == null && wasHere) {
            String problem = whatIsLost(failure == null ? null : Causes.unwrap(failure));
            lost = problem;
            log.warn(
                    "{}: others cannot reach this member at the address that it advertises: {}",
                    config.nodeName(),
                    problem);
        }
    }

    /** Other members know this one already, so nothing but a better address replaces one that is there. */
    private boolean mayTake(boolean here, AdvertisedAddress next) {
        if (next.address().equals(current.address())) {
            return false;
        }
        boolean better = next.origin() != Origin.PROVISIONAL;
        boolean fromLoopback = current.ip().isLoopbackAddress();
        boolean alone = node.table().live() <= 1;
        if (here) {
            return fromLoopback ? better || alone : better && alone;
        }
        return better || current.origin() == Origin.PROVISIONAL && !next.ip().isLoopbackAddress();
    }

    private String text() {
        return AddressChooser.text(current.ip());
    }

    private String whatIsLost(@Nullable Throwable failure) {
        return switch (current.origin()) {
            case CONFIGURED ->
                config.settingName("network.advertiseAddress") + " "
                        + config.network().advertiseAddress() + " (" + text()
                        + ") is no address of this machine any more: correct it, or leave it out, so that the member follows"
                        + " the addresses of its machine";
            case BOUND ->
                config.settingName("network.bindAddress") + " "
                        + config.network().bindAddress() + " (" + text()
                        + ") is no address of this machine any more, so nothing arrives: give the machine the address back,"
                        + " or bind 0.0.0.0, so that the member follows the addresses of its machine";
            case CHOSEN, PROVISIONAL ->
                text() + ", which this member advertises, is gone from this machine, and there is "
                        + (failure == null ? "no other address" : "no other to choose (" + failure.getMessage() + ")")
                        + "; the member advertises another one as soon as the machine has it";
        };
    }
}
