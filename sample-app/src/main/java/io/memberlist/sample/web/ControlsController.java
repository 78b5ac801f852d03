package io.memberlist.sample.web;

import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.ClusterMessages;
import io.memberlist.sample.companions.FaultInjector;
import io.memberlist.sample.companions.KeyRotation;
import io.memberlist.sample.companions.RejectedRequestException;
import io.memberlist.sample.companions.TagChange;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The requests of the page. Requests that change something must have the content type JSON, which a page of another
 * site cannot set without permission.
 */
@RestController
@RequestMapping("api")
record ControlsController(
        PageFeed feed,
        ClusterViewFactory views,
        FaultInjector faults,
        TagChange tagChange,
        KeyRotation keyRotation,
        ClusterMessages messages,
        ClusterLog log) {
    private static final int MAX_MESSAGE = 200;

    /** The description of an action, for the page. */
    record Done(String text) {}

    record Loss(@Nullable Integer percent) {}

    record Text(@Nullable String text) {}

    record Tag(@Nullable String name, @Nullable String value) {}

    @GetMapping("changes")
    PageFeed.Changes changes(@RequestParam(defaultValue = "") String after) {
        return feed.changes(after);
    }

    @GetMapping("cluster")
    ClusterView cluster() {
        return views.create();
    }

    @PostMapping(path = "members", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done start() {
        String name = faults.start().name();
        return done(name, "was started");
    }

    @PostMapping(path = "members/{name}/stop", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done stop(@PathVariable String name) {
        faults.stop(name);
        return done(name, "leaves");
    }

    @PostMapping(path = "members/{name}/kill", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done kill(@PathVariable String name) {
        faults.kill(name);
        return done(name, "was killed");
    }

    @PostMapping(path = "members/{name}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done pause(@PathVariable String name) {
        faults.pause(name);
        return done(name, "was paused");
    }

    @PostMapping(path = "members/{name}/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done resume(@PathVariable String name) {
        faults.resume(name);
        return done(name, "was resumed");
    }

    @PostMapping(path = "members/{name}/tags", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done tag(@PathVariable String name, @RequestBody Tag tag) {
        tagChange.change(name, tag.name(), tag.value());
        return done(name, "changes its tag " + tag.name());
    }

    @PostMapping(path = "network/cut", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done cut() {
        faults.cut();
        return done("", "The network was cut in two");
    }

    @PostMapping(path = "network/heal", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done heal() {
        faults.heal();
        return done("", "The network was healed");
    }

    @PostMapping(path = "network/loss", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done lose(@RequestBody Loss loss) {
        if (loss.percent() == null) {
            throw RejectedRequestException.because(
                    "Say how many percent of the packets the network loses: a number from 0 to 100.");
        }
        faults.lose(loss.percent());
        return done("", "The network loses " + loss.percent() + " % of the packets");
    }

    @PostMapping(path = "broadcasts", consumes = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<Done> broadcast(@RequestBody Text body) {
        String text = body.text() == null ? "" : body.text().strip();
        if (text.isEmpty() || text.length() > MAX_MESSAGE) {
            throw RejectedRequestException.because(
                    "The message has " + text.length() + " characters: give it 1 to " + MAX_MESSAGE + ".");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw RejectedRequestException.because("The message has control characters: write it in one line.");
        }
        // Isolated, so that marks of direction in the text do not turn the words around it.
        return messages.broadcast(text).thenApply(id -> new Done("“\u2068" + text + "\u2069” is on its way"));
    }

    @PostMapping(path = "key", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done rotate() {
        return done("", "The key was rotated: " + keyRotation.rotate() + " is the only one now");
    }

    private Done done(String member, String text) {
        log.add("action", member, text);
        return new Done(member.isEmpty() ? text : member + " " + text);
    }
}
