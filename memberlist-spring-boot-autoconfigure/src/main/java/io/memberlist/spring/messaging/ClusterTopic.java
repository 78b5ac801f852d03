package io.memberlist.spring.messaging;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the topic that objects of a class travel under, instead of the name of the class: so that classes may be renamed
 * or moved, differ between applications, or be exchanged with members that are not written in Java.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClusterTopic {
    /** {@return the topic: 1 to 255 bytes in UTF-8} */
    String value();
}
