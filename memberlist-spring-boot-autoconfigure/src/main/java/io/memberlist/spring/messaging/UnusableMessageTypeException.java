package io.memberlist.spring.messaging;

/** Is thrown where a method or a call names a type of which no message can ever arrive, or the topic of another. */
public final class UnusableMessageTypeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /**
     * @param problem what is named, where, and why nothing arrives
     * @param remedy what to write instead
     */
    public UnusableMessageTypeException(String problem, String remedy) {
        super(problem + ": " + remedy);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** {@return what is named, where, and why nothing arrives} */
    public String problem() {
        return problem;
    }

    /** {@return what to write instead} */
    public String remedy() {
        return remedy;
    }
}
