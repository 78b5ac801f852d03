package io.memberlist.member;

import io.memberlist.config.MemberlistConfig;

/** A setting of {@link MemberlistConfig} has a value that cannot work. */
public final class InvalidSettingException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /**
     * @param setting the component of {@link MemberlistConfig} at fault
     * @param message the value, the limit it broke and what to do
     */
    public InvalidSettingException(String setting, String message) {
        super(message);
        this.setting = setting;
    }

    /**
     * @param setting the component of {@link MemberlistConfig} at fault
     * @param message the value, the limit it broke and what to do
     * @param cause what the platform said
     */
    public InvalidSettingException(String setting, String message, Throwable cause) {
        super(message, cause);
        this.setting = setting;
    }

    /** {@return the component of {@link MemberlistConfig} at fault, as {@code probe.timeout}} */
    public String setting() {
        return setting;
    }
}
