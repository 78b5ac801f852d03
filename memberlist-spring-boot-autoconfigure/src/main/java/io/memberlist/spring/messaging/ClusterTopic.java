package io.memberlist.spring.messaging;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets the topic of the objects of a class, which is otherwise the name of the class. With a topic, the class can be renamed
 * or moved, can differ between applications, and can be exchanged with members that are not written in Java.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClusterTopic {
    /** {@return the topic: 1 to 255 bytes in UTF-8} */
    String value();
}
