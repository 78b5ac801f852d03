package io.memberlist.spring.boot.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Finds what the application calls a bean: the class of a lambda tells its reader nothing. */
final class BeanNames {
    private BeanNames() {}

    /** {@return the type and the name of a bean that exists, as {@code EventDelegate bean 'audit'}} It creates no bean. */
    static String describe(BeanFactory beans, Class<?> type, Object bean) {
        BeanFactory at = beans;
        while (at instanceof ConfigurableListableBeanFactory factory) {
            for (String name : factory.getBeanNamesForType(type, false, false)) {
                if (factory.getSingleton(name) == bean) {
                    return type.getSimpleName() + " bean '" + name + "'";
                }
            }
            at = factory.getParentBeanFactory();
        }
        return type.getSimpleName() + " " + ClassUtils.getUserClass(bean).getName();
    }
}
