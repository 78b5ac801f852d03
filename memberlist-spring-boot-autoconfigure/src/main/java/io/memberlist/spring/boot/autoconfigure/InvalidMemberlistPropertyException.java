package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.MemberlistException;
import org.jspecify.annotations.Nullable;

/** A property has a value that cannot work. Neither the problem nor the remedy ever shows a key. */
public final class InvalidMemberlistPropertyException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String problem;
    private final String remedy;

    InvalidMemberlistPropertyException(String property, String problem, String remedy) {
        this(property, problem, remedy, null);
    }

    InvalidMemberlistPropertyException(String property, String problem, String remedy, @Nullable Throwable cause) {
        super(property + ": " + problem + "; " + remedy, cause);
        this.property = property;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** {@return the property at fault, as {@code memberlist.probe.timeout} or {@code memberlist.encryption.keys[1]}} */
    public String property() {
        return property;
    }

    /** {@return the problem with the value, and the limit} */
    public String problem() {
        return problem;
    }

    /** {@return the remedy} */
    public String remedy() {
        return remedy;
    }
}
