package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.Btf;
import io.sekisho.libbpf.Codec;
import io.sekisho.netlink.MacAddress;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Java writes lies where the compiled programs look: sizes and offsets come from their BTF.
 */
final class MapLayoutTest {
  private static BpfObject object;
  private static Btf btf;

  @BeforeAll
  static void open() {
    object = BpfObject.openResource("endpoint");
    btf = object.btf();
  }

  @AfterAll
  static void close() {
    object.close();
  }

  private static Btf.Struct struct(String name) {
    return btf.struct(name).orElseThrow(() -> new AssertionError("no BTF of struct " + name));
  }

  /** The bytes of a member in an encoded value, as hexadecimal. */
  private static String member(byte[] value, String struct, String name) {
    var member = struct(struct).member(name).orElseThrow();
    return HexFormat.of().formatHex(value, member.offset(), member.offset() + member.size());
  }

  private static String u32(int value) {
    return hex(Codec.u32().encode(value));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static final MacAddress POD = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress HOST = MacAddress.parse("02:00:00:00:00:0b");
  private static final Cidr IPV4 = Cidr.parse("10.244.1.7");
  private static final Cidr IPV6 = Cidr.parse("fd00:10:244:1::7");

  @Test
  void endpoint_members_lieWhereTheProgramsLook() {
    var entry = new EndpointEntry(0x01020304, 7, 1007, 99, 5, POD, HOST, IPV4, IPV6);
    byte[] value = EndpointEntry.CODEC.encode(entry);

    assertEquals(struct("endpoint").size(), value.length);
    assertEquals(u32(0x01020304), member(value, "endpoint", "ifindex"));
    assertEquals(u32(7), member(value, "endpoint", "id"));
    assertEquals(u32(1007), member(value, "endpoint", "identity"));
    assertEquals(u32(99), member(value, "endpoint", "policy_revision"));
    assertEquals(u32(5), member(value, "endpoint", "flags"));
    assertEquals(hex(POD.bytes()), member(value, "endpoint", "pod_mac"));
    assertEquals(hex(HOST.bytes()), member(value, "endpoint", "host_mac"));
    assertEquals(hex(IPV4.bytes()), member(value, "endpoint", "ipv4"));
    assertEquals(hex(IPV6.bytes()), member(value, "endpoint", "ipv6"));
    assertEquals(entry, EndpointEntry.CODEC.decode(value));
  }

  @Test
  void ipcache_keyAndValue_lieWhereTheProgramsLook() {
    var prefix = Cidr.parse("10.244.0.0/16");
    byte[] key = MapCodecs.PREFIX.encode(prefix);
    var entry = new IpcacheEntry(1234, Cidr.parse("198.18.0.2"), true, true, true);
    byte[] value = IpcacheEntry.CODEC.encode(entry);

    assertEquals(struct("ipcache_key").size(), key.length);
    assertEquals(u32(112), member(key, "ipcache_key", "prefix_length"));
    assertEquals(hex(prefix.bytes()), member(key, "ipcache_key", "address"));
    assertEquals(prefix, MapCodecs.PREFIX.decode(key));
    assertEquals(struct("ipcache_entry").size(), value.length);
    assertEquals(u32(1234), member(value, "ipcache_entry", "identity"));
    assertEquals(hex(Cidr.parse("198.18.0.2").bytes()), member(value, "ipcache_entry", "tunnel"));
    assertEquals(entry, IpcacheEntry.CODEC.decode(value));
  }

  @Test
  void prefilterKeyOfIpv4_liesWhereTheProgramLooks() {
    var prefix = Cidr.parse("10.1.0.0/16");
    byte[] key = MapCodecs.PREFIX_IPV4.encode(prefix);

    assertEquals("10000000" + "0a010000", hex(key));
    assertEquals(prefix, MapCodecs.PREFIX_IPV4.decode(key));
    try (var xdp = BpfObject.openResource("xdp")) {
      assertEquals(xdp.btf().struct("prefix_ipv4").orElseThrow().size(), key.length);
    }
  }

  @Test
  void services_keysAndValues_lieWhereTheProgramsLook() {
    var service = new ServiceAddress(InetAddress.ofLiteral("10.96.0.9"), 8443, 17);
    var backend = new InetSocketAddress(InetAddress.ofLiteral("fd00::7"), 443);
    var entry = new ServiceCodecs.Entry(5, 6, 7);
    var client = new ServiceCodecs.Client(service, 0x0102030405060708L);
    var kept = new ServiceCodecs.Kept(backend, 99);
    try (var socket = BpfObject.openResource("socket")) {
      var types = socket.btf();
      hold(types, "service_key", ServiceCodecs.SERVICE, service);
      hold(types, "service", ServiceCodecs.ENTRY, entry);
      hold(types, "backend_key", ServiceCodecs.BACKEND_KEY, new ServiceCodecs.BackendKey(1, 2));
      hold(types, "backend", ServiceCodecs.BACKEND, backend);
      hold(types, "service_client", ServiceCodecs.CLIENT, client);
      hold(types, "kept_backend", ServiceCodecs.KEPT, kept);
      byte[] key = ServiceCodecs.SERVICE.encode(service);
      assertEquals("20fb", member(types, key, "service_key", "port"));
      assertEquals("11", member(types, key, "service_key", "protocol"));
      byte[] value = ServiceCodecs.ENTRY.encode(entry);
      assertEquals(u32(6), member(types, value, "service", "backends"));
      assertEquals(u32(7), member(types, value, "service", "affinity_seconds"));
      assertEquals("01bb", member(types, ServiceCodecs.BACKEND.encode(backend), "backend", "port"));
      byte[] network = ServiceCodecs.CLIENT.encode(client);
      assertEquals("0807060504030201", member(types, network, "service_client", "network"));
      byte[] until = ServiceCodecs.KEPT.encode(kept);
      assertEquals("6300000000000000", member(types, until, "kept_backend", "until"));
    }
  }

  /** The bytes have the size that the programs know, and say the same when they are read. */
  private static <T> void hold(Btf types, String struct, Codec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertEquals(types.struct(struct).orElseThrow().size(), bytes.length, struct);
    assertEquals(value, codec.decode(bytes));
  }

  private static String member(Btf types, byte[] value, String struct, String name) {
    var member = types.struct(struct).orElseThrow().member(name).orElseThrow();
    return HexFormat.of().formatHex(value, member.offset(), member.offset() + member.size());
  }

  /** clang 14 leaves the types of inner maps out, so their sizes come from the map itself. */
  @Test
  void policy_keyAndValue_haveTheSizeOfTheInnerMap() {
    var shape = object.declaredInner("policies");

    assertEquals(shape.keySize(), MapCodecs.POLICY_KEY.size());
    assertEquals(shape.valueSize(), MapCodecs.POLICY_ENTRY.size());
  }

  @ParameterizedTest
  @CsvSource({
    // identity, egress, protocol, port, bits: prefix length, port in network order
    "258, true, 6, 8080, 16, 40000000 02010000 01 06 1f90",
    "258, false, 6, 0, 0, 30000000 02010000 00 06 0000",
    "0, false, 0, 0, 0, 28000000 00000000 00 00 0000",
    "1, true, 17, 32768, 1, 31000000 01000000 01 11 8000",
  })
  void policyKey_encoded_isReadBack(
      int identity, boolean egress, int protocol, int port, int bits, String littleEndian) {
    var key = new PolicyKey(identity, egress, protocol, port, bits);
    byte[] encoded = MapCodecs.POLICY_KEY.encode(key);

    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      assertEquals(littleEndian.replace(" ", ""), hex(encoded));
    }
    assertEquals(key, MapCodecs.POLICY_KEY.decode(encoded));
  }

  @Test
  void policyEntry_encoded_isReadBack() {
    for (var entry :
        List.of(
            new PolicyEntry(true, 0xffffffff, 0x80000001, 0),
            new PolicyEntry(true, true, 7, 2, 0),
            new PolicyEntry(false, 1, 16, 65535))) {
      assertEquals(entry, MapCodecs.POLICY_ENTRY.decode(MapCodecs.POLICY_ENTRY.encode(entry)));
    }
  }

  @Test
  void settings_members_lieWhereTheProgramsLook() {
    InetAddress own = InetAddress.ofLiteral("198.18.0.1");
    byte[] value =
        new NodeSettings(
                3,
                4,
                5,
                Routing.GENEVE,
                true,
                true,
                8472,
                Masquerade.USUAL,
                List.of(own),
                List.of(own))
            .encode();

    assertEquals(struct("node_config").size(), value.length);
    assertEquals(u32(NodeSettings.LAYOUT_VERSION), member(value, "node_config", "layout_version"));
    assertEquals(u32(3), member(value, "node_config", "overlay_ifindex"));
    assertEquals(u32(4), member(value, "node_config", "underlay_ifindex"));
    assertEquals(
        hex(Codec.u64().encode(5_000_000_000L)), member(value, "node_config", "aggregation_ns"));
    var port = struct("node_config").member("overlay_port").orElseThrow();
    var buffer = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    assertEquals(8472, buffer.getShort(port.offset()) & 0xffff);
    var addresses = struct("node_config").member("node_addresses").orElseThrow();
    assertEquals(NodeSettings.ADDRESSES * 16, addresses.size());
    assertEquals(
        hex(Cidr.of(own).bytes()),
        hex(Arrays.copyOfRange(value, addresses.offset(), addresses.offset() + 16)));
  }

  @Test
  void settings_ofTheObject_haveOurLayoutVersion() {
    assertEquals(
        NodeSettings.LAYOUT_VERSION, NodeSettings.layoutVersion(object.get(NodeSettings.VARIABLE)));
  }

  @Test
  void event_members_areReadWhereTheProgramsWrite() {
    byte[] raw = new byte[RingEvent.SIZE + 8];
    var event = new Writer(raw);
    event.u64("timestamp", 11).u64("packets", 12).u64("bytes", 13);
    event.u32("source_identity", 14).u32("destination_identity", 15).u32("endpoint", 16);
    event.u32("ifindex", 17).u32("rule_id", 18).u32("other_rule_id", 19);
    event.u16("source_port", 50000).u16("destination_port", 60000).u16("flags", 0b10101);
    event.u8("type", 5).u8("subtype", 133).u8("protocol", 200).u8("tcp_flags", 0x12);
    event.u8("icmp_type", 129).u8("icmp_code", 3);
    event.bytes("source", IPV4.bytes()).bytes("destination", IPV6.bytes());

    EventSink.Event read = new RingEvent().at(MemorySegment.ofArray(raw), 8);

    assertEquals(struct("event").size(), RingEvent.SIZE);
    assertEquals(11, read.timestamp());
    assertEquals(12, read.packets());
    assertEquals(13, read.bytes());
    assertEquals(14, read.sourceIdentity());
    assertEquals(15, read.destinationIdentity());
    assertEquals(16, read.endpointId());
    assertEquals(17, read.interfaceIndex());
    assertEquals(18, read.ruleId());
    assertEquals(19, read.otherRuleId());
    assertEquals(50000, read.sourcePort());
    assertEquals(60000, read.destinationPort());
    assertEquals(List.of(true, false, true, false, true), flags(read));
    assertEquals(5, read.type());
    assertEquals(133, read.subtype());
    assertEquals(200, read.protocol());
    assertEquals(0x12, read.tcpFlags());
    assertEquals(129, read.icmpType());
    assertEquals(3, read.icmpCode());
    assertEquals(InetAddress.ofLiteral("10.244.1.7"), read.source());
    assertEquals(InetAddress.ofLiteral("fd00:10:244:1::7"), read.destination());
    var numbers = new long[5];
    read.addresses(numbers, 1);
    var expected = ByteBuffer.allocate(40).position(8).put(IPV4.bytes()).put(IPV6.bytes()).flip();
    assertEquals(expected, ByteBuffer.allocate(40).put(asBytes(numbers)).flip());
  }

  @Test
  void verdictOfATrace_isReadAsAnEventOfItsOwn() {
    byte[] raw = new byte[RingEvent.SIZE + 8];
    var event = new Writer(raw);
    event.u64("timestamp", 11).u64("packets", 12).u64("bytes", 13).u32("rule_id", 18);
    event.u16("flags", 0b10111).u8("type", 4).u8("subtype", 101).u8("verdict", 181);
    var record = new RingEvent().at(MemorySegment.ofArray(raw), 8);

    assertTrue(record.holdsVerdict());
    EventSink.Event verdict = record.asVerdict(true);
    assertEquals(5, verdict.type());
    assertEquals(181, verdict.subtype());
    assertEquals(11, verdict.timestamp());
    assertEquals(0, verdict.packets());
    assertEquals(0, verdict.bytes());
    assertEquals(18, verdict.ruleId());
    assertEquals(List.of(true, true, true, false, false), flags(verdict));
    EventSink.Event trace = record.asVerdict(false);
    assertEquals(4, trace.type());
    assertEquals(101, trace.subtype());
    assertEquals(12, trace.packets());
    assertEquals(13, trace.bytes());
    assertEquals(List.of(true, true, true, false, true), flags(trace));
    event.u8("verdict", 1);
    assertEquals(0, record.at(MemorySegment.ofArray(raw), 8).asVerdict(true).subtype());
    event.u8("verdict", 0);
    assertFalse(record.at(MemorySegment.ofArray(raw), 8).holdsVerdict());
  }

  private static byte[] asBytes(long[] numbers) {
    var bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    bytes.asLongBuffer().put(numbers);
    return bytes.array();
  }

  private static List<Boolean> flags(EventSink.Event event) {
    return List.of(event.denied(), event.audited(), event.egress(), event.reply(), event.opened());
  }

  /** Writes members of an event, which begins 8 bytes into the array, where BTF says. */
  private record Writer(byte[] raw) {
    private ByteBuffer at(String member) {
      int offset = struct("event").member(member).orElseThrow().offset();
      return ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).position(8 + offset);
    }

    Writer u64(String member, long value) {
      at(member).putLong(value);
      return this;
    }

    Writer u32(String member, int value) {
      at(member).putInt(value);
      return this;
    }

    Writer u16(String member, int value) {
      at(member).putShort((short) value);
      return this;
    }

    Writer u8(String member, int value) {
      at(member).put((byte) value);
      return this;
    }

    Writer bytes(String member, byte[] value) {
      at(member).put(value);
      return this;
    }
  }
}
