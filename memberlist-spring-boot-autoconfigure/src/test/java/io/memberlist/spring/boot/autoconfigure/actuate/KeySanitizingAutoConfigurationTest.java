package io.memberlist.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.spring.boot.autoconfigure.MemberlistProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.json.JsonMapper;

class KeySanitizingAutoConfigurationTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final String KEY2 = "MTEyMzQ1Njc4OWFiY2RlZg==";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KeySanitizingAutoConfiguration.class,
                    EnvironmentEndpointAutoConfiguration.class,
                    ConfigurationPropertiesReportEndpointAutoConfiguration.class))
            .withUserConfiguration(Properties.class)
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=*",
                    "management.endpoint.env.show-values=always",
                    "management.endpoint.configprops.show-values=always",
                    "memberlist.network.label=blue");

    @Test
    void keepsKeysOutOfEnvAndConfigprops() {
        runner.withPropertyValues("memberlist.encryption.keys[0]=" + KEY, "memberlist.encryption.keys[1]=" + KEY2)
                .run(context -> {
                    assertThat(context.getBean(MemberlistProperties.class)
                                    .encryption()
                                    .keys())
                            .containsExactly(KEY, KEY2);
                    String env = json(context.getBean(EnvironmentEndpoint.class).environment(null));
                    String configprops = json(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                            .configurationProperties());

                    assertThat(env).contains("memberlist.encryption.keys[0]", "blue");
                    assertThat(env).doesNotContain(KEY).doesNotContain(KEY2);
                    assertThat(configprops).contains("\"keys\":[\"******\",\"******\"]", "blue");
                    assertThat(configprops).doesNotContain(KEY).doesNotContain(KEY2);
                });
    }

    @Test
    void keepsKeysOutThatAreGivenAsOneText() {
        runner.withPropertyValues("memberlist.encryption.keys=" + KEY + "," + KEY2)
                .run(context -> {
                    assertThat(json(context.getBean(EnvironmentEndpoint.class).environment(null)))
                            .doesNotContain(KEY)
                            .doesNotContain(KEY2);
                    assertThat(json(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                                    .configurationProperties()))
                            .doesNotContain(KEY)
                            .doesNotContain(KEY2);
                });
    }

    @Test
    void keepsKeysOutOfWhateverElseHoldsThem() {
        runner.withPropertyValues(
                        "memberlist.encryption.keys=${CLUSTER_KEY}, ${old.secret}",
                        "CLUSTER_KEY=" + KEY,
                        "old.secret=" + KEY2,
                        "sun.java.command=orders.jar --memberlist.encryption.keys=" + KEY)
                .run(context -> {
                    String env = json(context.getBean(EnvironmentEndpoint.class).environment(null));

                    assertThat(env).contains("CLUSTER_KEY", "sun.java.command", "blue");
                    assertThat(env).doesNotContain(KEY).doesNotContain(KEY2);
                });
    }

    @Test
    void hidesNothingElseWhereTheKeysCannotBeRead() {
        runner.withPropertyValues("memberlist.encryption.keys=${NOT_THERE}", "other=value of another")
                .run(context -> {
                    SanitizingFunction function = context.getBean(SanitizingFunction.class);
                    SanitizableData other = new SanitizableData(
                            new MapPropertySource("test", Map.of("other", "value")), "other", "value");
                    assertThat(function.applyUnlessFiltered(other).getValue()).isEqualTo("value");
                });
    }

    @Test
    void knowsKeysByEveryName() {
        runner.run(context -> {
            SanitizingFunction function = context.getBean(SanitizingFunction.class);
            for (String name : new String[] {
                "memberlist.encryption.keys",
                "memberlist.encryption.keys[7]",
                "MEMBERLIST_ENCRYPTION_KEYS_0",
                "memberlist.encryption.Keys"
            }) {
                assertThat(sanitized(function, name)).as(name).isEqualTo(SanitizableData.SANITIZED_VALUE);
            }
            assertThat(sanitized(function, "memberlist.encryption.verify-incoming"))
                    .isEqualTo(KEY);
        });
    }

    @Test
    void backsOffWithoutActuator() {
        runner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class, EnvironmentEndpoint.class))
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(KeySanitizingAutoConfiguration.class));
    }

    @Test
    void backsOffForTheApplicationsOwn() {
        SanitizingFunction own = data -> data;
        runner.withBean("memberlistKeySanitizingFunction", SanitizingFunction.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(SanitizingFunction.class).isSameAs(own));
    }

    private static Object sanitized(SanitizingFunction function, String name) {
        return function.applyUnlessFiltered(
                        new SanitizableData(new MapPropertySource("test", Map.of(name, KEY)), name, KEY))
                .getValue();
    }

    private static String json(Object body) {
        return JsonMapper.builder().build().writeValueAsString(body);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MemberlistProperties.class)
    static class Properties {}
}
