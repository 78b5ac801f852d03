package io.memberlist.sample.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a page has been told.
 *
 * @param run identifies the run of the application, since all numbers begin anew with the next
 * @param version the version of the view of the cluster
 * @param hop the number of the last hop
 * @param entry the number of the last entry of the log
 * @param second the number of the last second of traffic
 */
record Cursor(String run, long version, long hop, long entry, long second) {
    private static final Pattern FORM = Pattern.compile("(\\w{1,36})-(\\d{1,18})-(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");

    /** {@return the cursor that a page sent back; that of no run if it is none} */
    static Cursor parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new Cursor(form.group(1), number(form, 2), number(form, 3), number(form, 4), number(form, 5))
                : new Cursor("", 0, 0, 0, 0);
    }

    private static long number(Matcher form, int group) {
        return Long.parseLong(form.group(group));
    }

    @Override
    public String toString() {
        return run + "-" + version + "-" + hop + "-" + entry + "-" + second;
    }
}
