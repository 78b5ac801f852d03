package io.memberlist.spring.boot.test;

import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import io.memberlist.spring.boot.autoconfigure.MemberlistMessagingAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives the application under test a member on a {@link MemberlistTestNetwork}: no port is opened, and failures are noticed
 * within about a second. The network is a bean. After each test method it is healed, and the members that the test started
 * on it are closed.
 *
 * <p>Works with {@code @SpringBootTest}, with the slices of Spring Boot and with any other test of Spring's TestContext.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration({MemberlistAutoConfiguration.class, MemberlistMessagingAutoConfiguration.class})
public @interface AutoConfigureMemberlist {}
