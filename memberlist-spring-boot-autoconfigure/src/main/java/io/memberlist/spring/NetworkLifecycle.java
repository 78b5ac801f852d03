package io.memberlist.spring;

import io.memberlist.Memberlist;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * Closes the member's network when the lifecycle stops, and opens it again when it starts, so that a stopped application
 * and a checkpoint of the JVM hold no socket. The member stays the same object, so beans that hold it continue to work.
 *
 * <p>The member is running when its bean exists, so that a port in use fails the start. The phase is the lowest: the network
 * is there before everything else starts and until everything else has stopped. {@link MemberlistLifecycle} joins and leaves.
 */
public final class NetworkLifecycle implements SmartLifecycle, SmartInitializingSingleton {
    private final Memberlist memberlist;
    private final Runnable restart;

    /**
     * @param memberlist the member, running
     * @param restart restarts the member and waits for it
     */
    public NetworkLifecycle(Memberlist memberlist, Runnable restart) {
        this.memberlist = memberlist;
        this.restart = restart;
    }

    /** Closes the network before a checkpoint that is taken before lifecycles start. */
    @Override
    public void afterSingletonsInstantiated() {
        String checkpoint = SpringProperties.getProperty(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME);
        if (DefaultLifecycleProcessor.ON_REFRESH_VALUE.equalsIgnoreCase(checkpoint)) {
            stop();
        }
    }

    /** Restarts the member if it was shut down. */
    @Override
    public void start() {
        if (!memberlist.isRunning() && !MockedMember.is(memberlist)) {
            restart.run();
        }
    }

    /** Shuts the member down and waits. */
    @Override
    public void stop() {
        memberlist.close();
    }

    @Override
    public void stop(Runnable callback) {
        memberlist.shutdown().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public boolean isRunning() {
        return memberlist.isRunning() && !MockedMember.is(memberlist);
    }

    /** Below everything that might use the cluster. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    /** A paused application still answers probes, because it shall not be declared dead. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
