package io.memberlist.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a name server.
 *
 * @param truncated whether the answer was too long for a packet
 * @param addresses from A and AAAA records
 * @param services from SRV records
 * @param alias another name to ask for, from a CNAME record
 */
record DnsAnswer(
        InetSocketAddress server,
        DnsResponseCode code,
        boolean truncated,
        List<InetAddress> addresses,
        List<Service> services,
        @Nullable String alias) {
    private static final int SRV_FIXED_BYTES = 6;

    /** One SRV record (RFC 2782). The lowest priority is preferred, and among equal ones the greatest weight. */
    record Service(int priority, int weight, int port, String host) {}

    /** @throws CorruptedFrameException if a record does not have the form of its type */
    static DnsAnswer of(InetSocketAddress server, DnsResponse response) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        String alias = null;
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (!(record instanceof DnsRawRecord raw) || record.dnsClass() != DnsRecord.CLASS_IN) {
                continue;
            }
            ByteBuf content = raw.content().duplicate();
            if (record.type().equals(DnsRecordType.A)) {
                addresses.add(address(content, 4));
            } else if (record.type().equals(DnsRecordType.AAAA)) {
                addresses.add(address(content, 16));
            } else if (record.type().equals(DnsRecordType.SRV)) {
                services.add(service(content));
            } else if (record.type().equals(DnsRecordType.CNAME)) {
                // The last alias of a chain is the one that leads on.
                alias = DefaultDnsRecordDecoder.decodeName(content);
            }
        }
        return new DnsAnswer(server, response.code(), response.isTruncated(), addresses, services, alias);
    }

    private static InetAddress address(ByteBuf content, int length) throws UnknownHostException {
        if (content.readableBytes() != length) {
            throw new CorruptedFrameException(
                    "an address of " + content.readableBytes() + " bytes instead of " + length);
        }
        return InetAddress.getByAddress(ByteBufUtil.getBytes(content));
    }

    private static Service service(ByteBuf content) {
        if (content.readableBytes() <= SRV_FIXED_BYTES) {
            throw new CorruptedFrameException("an SRV record of " + content.readableBytes() + " bytes");
        }
        return new Service(
                content.readUnsignedShort(),
                content.readUnsignedShort(),
                content.readUnsignedShort(),
                DefaultDnsRecordDecoder.decodeName(content));
    }

    boolean isEmpty() {
        return addresses.isEmpty() && services.isEmpty();
    }

    /** {@return this answer with the addresses of another one behind its own} */
    DnsAnswer plus(DnsAnswer other) {
        List<InetAddress> all =
                Stream.concat(addresses.stream(), other.addresses.stream()).toList();
        return new DnsAnswer(server, code, false, all, services, null);
    }
}
