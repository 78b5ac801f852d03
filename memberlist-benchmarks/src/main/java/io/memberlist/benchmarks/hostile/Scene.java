package io.memberlist.benchmarks.hostile;

/**
 * Something that a hostile peer does.
 *
 * @param name what to call it on the command line
 * @param what what is sent, for people to read
 * @param setting how the members are configured
 * @param maxSeconds how long it lasts at most: what does not build up shows all of its effect sooner than a flood
 * @param attack does it, for about as long as it is told
 */
record Scene(String name, String what, Setting setting, double maxSeconds, Attack attack) {
    interface Attack {
        void run(SceneRun run) throws Exception;
    }

    private static final double BRIEF_SECONDS = 20;
    private static final double FOR_STRANGERS = 3;
    private static final double FOR_MEMBERS = 10;
    private static final String MEMBER = "member-";

    /** {@return how many bytes may come back for one: a member is sent gossip, to which a stranger has no right} */
    double maxAmplification() {
        return name.startsWith(MEMBER) ? FOR_MEMBERS : FOR_STRANGERS;
    }

    /** {@return a scene that lasts as long as it is told} */
    static Scene flood(String name, String what, Setting setting, Attack attack) {
        return new Scene(name, what, setting, Double.POSITIVE_INFINITY, attack);
    }

    /** {@return a scene that lasts {@value #BRIEF_SECONDS} seconds at most} */
    static Scene brief(String name, String what, Setting setting, Attack attack) {
        return new Scene(name, what, setting, BRIEF_SECONDS, attack);
    }

    static Scene brief(String name, String what, Attack attack) {
        return brief(name, what, Setting.PLAIN, attack);
    }
}
