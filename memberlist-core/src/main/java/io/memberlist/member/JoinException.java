package io.memberlist.member;

/** Thrown when no seed could be reached. The message lists every seed with its reason. */
public final class JoinException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final transient JoinResult result;

    /** @param result the failures, by seed */
    public JoinException(JoinResult result) {
        super(describe(result));
        this.result = result;
        result.failures().values().forEach(this::addSuppressed);
    }

    /** {@return the failures, by seed} */
    public JoinResult result() {
        return result;
    }

    private static String describe(JoinResult result) {
        StringBuilder text = new StringBuilder("none of the seeds could be joined");
        result.failures()
                .forEach((seed, why) ->
                        text.append("; " + seed + ": ").append(why.getMessage() == null ? why : why.getMessage()));
        return text.toString();
    }
}
