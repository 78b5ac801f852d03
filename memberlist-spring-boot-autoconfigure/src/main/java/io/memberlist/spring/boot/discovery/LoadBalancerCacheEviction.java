package io.memberlist.spring.boot.discovery;

import io.memberlist.spring.event.MembershipEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.Cache;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheManager;
import org.springframework.cloud.loadbalancer.core.CachingServiceInstanceListSupplier;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Empties the cache of Spring Cloud LoadBalancer when instances come, go or change. It keeps them for 35 seconds, and would
 * choose an instance that failed all that time. Asking again costs nothing, because the answer is in memory.
 */
final class LoadBalancerCacheEviction implements ApplicationListener<MembershipEvent>, Ordered {
    private final ObjectProvider<LoadBalancerCacheManager> caches;

    LoadBalancerCacheEviction(ObjectProvider<LoadBalancerCacheManager> caches) {
        this.caches = caches;
    }

    @Override
    public void onApplicationEvent(MembershipEvent event) {
        if (DiscoveryHeartbeat.changesInstances(event)) {
            caches.stream()
                    .map(manager -> manager.getCache(CachingServiceInstanceListSupplier.SERVICE_INSTANCE_CACHE_NAME))
                    .forEach(LoadBalancerCacheEviction::clear);
        }
    }

    /** Not every manager has this cache. */
    private static void clear(@Nullable Cache cache) {
        if (cache != null) {
            cache.clear();
        }
    }

    /** Before the listeners of the application, which may ask for an instance in place of the one that failed. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
