package io.memberlist.spring;

import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.mock;

import io.memberlist.Memberlist;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the member of a context on a free port of the loopback interface, whatever port it asks for, and lets a test verify
 * what is called on it: the bean is a mock that passes every call on to the member.
 */
@Configuration(proxyBeanMethods = false)
public class LoopbackMember {
    @Bean
    TransportFactory loopback() {
        return bind -> NettyTransportFactory.shared().open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Bean
    static BeanPostProcessor verifiableMember() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof Memberlist member && name.equals("memberlist")
                        ? mock(Memberlist.class, delegatesTo(member))
                        : bean;
            }
        };
    }
}
