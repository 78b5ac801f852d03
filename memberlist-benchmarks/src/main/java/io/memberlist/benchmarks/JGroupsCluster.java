package io.memberlist.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;

/** JGroups with its own {@code udp.xml}: IP multicast, retransmission by negative acknowledgements. */
final class JGroupsCluster implements Cluster {
    private final List<JChannel> channels = new ArrayList<>();

    @Override
    public void start(int count, IntConsumer delivered) throws Exception {
        System.setProperty("jgroups.bind_addr", "127.0.0.1");
        for (int i = 0; i < count; i++) {
            int index = i;
            JChannel channel = new JChannel("udp.xml").name("node-" + i);
            if (i > 0) {
                channel.setReceiver(new Receiver() {
                    @Override
                    public void receive(Message message) {
                        delivered.accept(index);
                    }
                });
            }
            channels.add(channel.connect("benchmark"));
        }
        Waiting.until(
                "all members see all",
                () -> channels.stream().allMatch(channel -> channel.getView().size() == count));
    }

    @Override
    public void broadcast(byte[] payload) throws Exception {
        channels.get(0).send(new ObjectMessage(null, payload));
    }

    @Override
    public void close() {
        channels.forEach(JChannel::close);
    }
}
