package io.memberlist.member;

/** A setting of {@code MemberlistConfig} has a value that cannot work. The message names the value, the limit and the remedy. */
public final class InvalidSettingException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /**
     * @param setting the path of the setting, as {@code probe.timeout}
     * @param message the value, the limit it broke and what to do
     */
    public InvalidSettingException(String setting, String message) {
        super(message);
        this.setting = setting;
    }

    /**
     * @param setting the path of the setting, as {@code probe.timeout}
     * @param message the value, the limit it broke and what to do
     * @param cause why
     */
    public InvalidSettingException(String setting, String message, Throwable cause) {
        super(message, cause);
        this.setting = setting;
    }

    /** {@return the path of the setting: its group and its name, as {@code probe.timeout}} */
    public String setting() {
        return setting;
    }
}
