package io.memberlist.spring.boot.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Adds a network to each context of a test with {@link AutoConfigureMemberlist}. */
final class MemberlistContextCustomizerFactory implements ContextCustomizerFactory {
    MemberlistContextCustomizerFactory() {}

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        return TestContextAnnotationUtils.hasAnnotation(testClass, AutoConfigureMemberlist.class)
                ? new NetworkCustomizer()
                : null;
    }

    /** All instances are equal, so that tests share a cached context where nothing else differs. */
    record NetworkCustomizer() implements ContextCustomizer {
        @Override
        public void customizeContext(
                ConfigurableApplicationContext context, MergedContextConfiguration mergedConfiguration) {
            MemberlistTestNetwork network = new MemberlistTestNetwork();
            network.initialize(context);
            if (context.getBeanFactory() instanceof DefaultListableBeanFactory beans) {
                beans.registerDisposableBean("memberlistTestNetworkClosing", network::close);
            }
        }
    }
}
