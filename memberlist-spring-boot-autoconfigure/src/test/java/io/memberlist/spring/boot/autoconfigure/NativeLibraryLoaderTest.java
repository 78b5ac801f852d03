package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

class NativeLibraryLoaderTest {
    private final List<Runnable> loaded = new ArrayList<>();
    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void loadsForAMember() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);

        prepare();

        assertThat(loaded).hasSize(1);
    }

    @Test
    void loadsNothingForAnApplicationThatIsNoMember() {
        environment.setProperty("memberlist.enabled", "false");

        prepare();

        assertThat(loaded).isEmpty();
    }

    @Test
    void isFoundBySpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(ApplicationListener.class))
                .hasAtLeastOneElementOfType(NativeLibraryLoader.class);
    }

    private void prepare() {
        new NativeLibraryLoader(loaded::add)
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));
    }
}
