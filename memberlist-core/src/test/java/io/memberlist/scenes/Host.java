package io.memberlist.scenes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One machine of a {@link HostNetwork}: a network namespace with its own interfaces, routes, filters and name files. */
public final class Host {
    private final String namespace;
    private final String address;
    private final String switchPort;
    private final List<Process> processes = new ArrayList<>();

    Host(String namespace, String address, String switchPort) {
        this.namespace = namespace;
        this.address = address;
        this.switchPort = switchPort;
    }

    /** {@return the name of the interface on the switch that its cable leads to} */
    String switchPort() {
        return switchPort;
    }

    /** {@return the name of the network namespace} */
    public String namespace() {
        return namespace;
    }

    /** {@return the IPv4 address it was made with} */
    public String address() {
        return address;
    }

    /** Runs {@code ip} on this host and waits; fails the test if it fails. */
    public String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(arguments));
        return Shell.run(command);
    }

    /** Runs a program on this host and waits; fails the test if it ends with another code than 0. */
    public String run(String... command) {
        return Shell.run(inNamespace(List.of(command)));
    }

    /** Starts a program on this host; it is killed when the network is closed. Its error stream goes into its output. */
    public Process start(List<String> command) {
        try {
            Process process = new ProcessBuilder(inNamespace(command))
                    .redirectErrorStream(true)
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a Java program with the class path of the tests on this host. */
    public Process startJava(Class<?> program, List<String> arguments) {
        return start(javaCommand(program, List.of(), arguments));
    }

    /**
     * {@return the command that runs a Java program with the class path of the tests}
     *
     * @param options of the JVM
     */
    public static List<String> javaCommand(Class<?> program, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dlogback.configurationFile=scenes-logback.xml"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return command;
    }

    /** Starts a member on this host. See {@link MemberProgram} for the arguments. */
    public MemberProcess member(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("name=" + name));
        all.addAll(List.of(arguments));
        return new MemberProcess(name, startJava(MemberProgram.class, all));
    }

    /**
     * Gives programs that are started on this host later their own {@code /etc/resolv.conf}, {@code /etc/hosts} or the
     * like.
     *
     * @param file its name below {@code /etc}
     */
    public void etc(String file, String content) {
        try {
            Files.createDirectories(etc());
            Files.writeString(etc().resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path etc() {
        return etc(namespace);
    }

    private static Path etc(String namespace) {
        return Path.of("/etc/netns", namespace);
    }

    private List<String> inNamespace(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    void close() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        });
        remove(namespace);
    }

    /** Kills whatever still runs in a network namespace, and removes the namespace with its files below {@code /etc}. */
    static void remove(String namespace) {
        Shell.run("ip", "netns", "pids", namespace)
                .lines()
                .forEach(pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
        Shell.run("ip", "netns", "del", namespace);
        Path etc = etc(namespace);
        if (Files.exists(etc)) {
            try (Stream<Path> files = Files.walk(etc)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
