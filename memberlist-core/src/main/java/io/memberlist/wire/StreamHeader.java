package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/**
 * The first map of a push/pull or a stream's user message: how much follows. Already checked against the limits.
 *
 * @param join whether the exchange is a join
 * @param nodes how many member maps follow
 * @param tail how many raw bytes follow those
 */
record StreamHeader(boolean join, int nodes, int tail) {
    static StreamHeader read(int type, MapReader in, WireLimits limits) throws WireException {
        in.nextMap();
        boolean push = type == MessageType.PUSH_PULL;
        boolean join = false;
        long nodes = 0;
        long userState = 0;
        long userMessage = 0;
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            if (push && field == Field.JOIN) {
                join = in.bool(field);
            } else if (push && field == Field.NODES) {
                nodes = in.integer(field, Long.MIN_VALUE, Long.MAX_VALUE);
            } else if (push && field == Field.USER_STATE_LEN) {
                userState = in.integer(field, Long.MIN_VALUE, Long.MAX_VALUE);
            } else if (!push && field == Field.USER_MSG_LEN) {
                userMessage = in.integer(field, Long.MIN_VALUE, Long.MAX_VALUE);
            } else {
                in.skip();
            }
        }
        check("number of nodes in header", nodes, limits.maxPushPullNodes());
        check("user state length", userState, limits.maxUserState());
        check("user message length", userMessage, limits.maxUserMessage());
        return new StreamHeader(join, (int) nodes, (int) (push ? userState : userMessage));
    }

    private static void check(String what, long value, int limit) throws WireException {
        if (value < 0 || value > limit) {
            throw new WireException(Reason.TOO_LARGE, what + " (" + value + ") exceeds limit (" + limit + ")");
        }
    }
}
