package io.sekisho.bench;

import io.sekisho.libbpf.BpfMap;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a node's kernel knows, read from the maps of bpf/types.h without the agent. */
final class NodeMaps implements AutoCloseable {
  private static final int TCP = 6;

  /** {@code struct ipcache_key}, {@code struct service_key}, {@code struct backend_key}. */
  private static final int PREFIX_BYTES = 20;

  private static final int SERVICE_BYTES = 24;
  private static final int BACKEND_KEY_BYTES = 8;

  private final BpfMap<byte[], byte[]> ipcache;
  private final BpfMap<byte[], byte[]> endpoints;
  private final BpfMap<byte[], byte[]> services;
  private final BpfMap<byte[], byte[]> backends;

  /** The maps that are pinned in a folder. */
  NodeMaps(Path folder) {
    ipcache = BpfMap.openPinned(folder.resolve("ipcache"));
    endpoints = BpfMap.openPinned(folder.resolve("endpoints"));
    services = BpfMap.openPinned(folder.resolve("services"));
    backends = BpfMap.openPinned(folder.resolve("backends"));
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
  }

  private static Optional<ByteBuffer> value(BpfMap<byte[], byte[]> map, ByteBuffer key) {
    return map.get(key.array()).map(v -> ByteBuffer.wrap(v).order(ByteOrder.nativeOrder()));
  }

  /** IPv4 in 128 bits. */
  private static void put(String address, ByteBuffer to) {
    to.putLong(0).putShort((short) 0).putShort((short) -1);
    to.put(InetAddress.ofLiteral(address).getAddress());
  }

  /** How many entries each map has. */
  Map<String, Long> counts() {
    return Map.of(
        "ipcache", ipcache.count(),
        "endpoints", endpoints.count(),
        "services", services.count(),
        "backends", backends.count());
  }

  /** Who has an IPv4 address: the number of an identity, 0 if nobody has. */
  int identity(String address) {
    ByteBuffer key = bytes(PREFIX_BYTES).putInt(128);
    put(address, key);
    return value(ipcache, key).map(ByteBuffer::getInt).orElse(0);
  }

  /** Whether connections to a service may go to an IPv4 address. */
  boolean serves(String service, int port, String backend) {
    ByteBuffer key = bytes(SERVICE_BYTES);
    put(service, key);
    key.put((byte) (port >> 8)).put((byte) port).put((byte) TCP);
    Optional<ByteBuffer> entry = value(services, key);
    if (entry.isEmpty()) {
      return false;
    }
    int list = entry.get().getInt();
    int count = entry.get().getInt();
    for (int i = 0; i < count; i++) {
      if (value(backends, bytes(BACKEND_KEY_BYTES).putInt(list).putInt(i))
          .filter(b -> isAt(backend, b))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(String address, ByteBuffer backend) {
    ByteBuffer wanted = bytes(16);
    put(address, wanted);
    return backend.slice(0, 16).equals(wanted.flip());
  }

  @Override
  public void close() {
    ipcache.close();
    endpoints.close();
    services.close();
    backends.close();
  }
}
