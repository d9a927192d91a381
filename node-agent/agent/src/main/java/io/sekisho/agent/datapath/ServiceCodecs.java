package io.sekisho.agent.datapath;

import io.sekisho.libbpf.Codec;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** How keys and values of the maps of services lie in memory, as bpf/types.h has them. */
final class ServiceCodecs {
  /** {@code struct service_key}. */
  static final Codec<ServiceAddress> SERVICE = new ServiceCodec();

  /** {@code struct service}. */
  static final Codec<Entry> ENTRY = new EntryCodec();

  /** {@code struct backend_key}. */
  static final Codec<BackendKey> BACKEND_KEY = new BackendKeyCodec();

  /** {@code struct backend}. */
  static final Codec<InetSocketAddress> BACKEND = new BackendCodec();

  /** {@code struct service_client}. */
  static final Codec<Client> CLIENT = new ClientCodec();

  /** {@code struct kept_backend}. */
  static final Codec<Kept> KEPT = new KeptCodec();

  private ServiceCodecs() {}

  /**
   * Who answers for a service.
   *
   * @param list number of the list of backends
   * @param backends how many
   * @param affinitySeconds so long a client keeps its backend
   */
  record Entry(int list, int backends, int affinitySeconds) {}

  /** A place in a list of backends. */
  record BackendKey(int list, int index) {}

  /** Who keeps a backend of a service. */
  record Client(ServiceAddress service, long network) {}

  /** The backend that is kept, until when. */
  record Kept(InetSocketAddress backend, long until) {}

  private static void writePort(int port, ByteBuffer to) {
    to.put((byte) (port >> 8)).put((byte) port);
  }

  private static int readPort(ByteBuffer from) {
    return (from.get() & 0xff) << 8 | from.get() & 0xff;
  }

  private static InetAddress readAddress(ByteBuffer from) {
    byte[] bytes = new byte[16];
    from.get(bytes);
    try {
      return InetAddress.getByAddress(bytes); // ::ffff:a.b.c.d becomes an IPv4 address
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }

  private static void skip(ByteBuffer buffer, int bytes) {
    buffer.position(buffer.position() + bytes);
  }

  private static final class ServiceCodec implements Codec<ServiceAddress> {
    @Override
    public int size() {
      return 24;
    }

    @Override
    public void write(ServiceAddress value, ByteBuffer to) {
      to.put(Cidr.of(value.address()).bytes());
      writePort(value.port(), to);
      to.put((byte) value.protocol()).put(new byte[5]);
    }

    @Override
    public ServiceAddress read(ByteBuffer from) {
      InetAddress address = readAddress(from);
      int port = readPort(from);
      int protocol = from.get() & 0xff;
      skip(from, 5);
      return new ServiceAddress(address, port, protocol);
    }
  }

  private static final class EntryCodec implements Codec<Entry> {
    @Override
    public int size() {
      return 16;
    }

    @Override
    public void write(Entry value, ByteBuffer to) {
      to.putInt(value.list()).putInt(value.backends()).putInt(value.affinitySeconds()).putInt(0);
    }

    @Override
    public Entry read(ByteBuffer from) {
      var entry = new Entry(from.getInt(), from.getInt(), from.getInt());
      skip(from, 4);
      return entry;
    }
  }

  private static final class BackendKeyCodec implements Codec<BackendKey> {
    @Override
    public int size() {
      return 8;
    }

    @Override
    public void write(BackendKey value, ByteBuffer to) {
      to.putInt(value.list()).putInt(value.index());
    }

    @Override
    public BackendKey read(ByteBuffer from) {
      return new BackendKey(from.getInt(), from.getInt());
    }
  }

  private static final class BackendCodec implements Codec<InetSocketAddress> {
    @Override
    public int size() {
      return 24;
    }

    @Override
    public void write(InetSocketAddress value, ByteBuffer to) {
      to.put(Cidr.of(value.getAddress()).bytes());
      writePort(value.getPort(), to);
      to.put(new byte[6]);
    }

    @Override
    public InetSocketAddress read(ByteBuffer from) {
      InetAddress address = readAddress(from);
      int port = readPort(from);
      skip(from, 6);
      return new InetSocketAddress(address, port);
    }
  }

  private static final class ClientCodec implements Codec<Client> {
    @Override
    public int size() {
      return 32;
    }

    @Override
    public void write(Client value, ByteBuffer to) {
      SERVICE.write(value.service(), to);
      to.putLong(value.network());
    }

    @Override
    public Client read(ByteBuffer from) {
      return new Client(SERVICE.read(from), from.getLong());
    }
  }

  private static final class KeptCodec implements Codec<Kept> {
    @Override
    public int size() {
      return 32;
    }

    @Override
    public void write(Kept value, ByteBuffer to) {
      BACKEND.write(value.backend(), to);
      to.putLong(value.until());
    }

    @Override
    public Kept read(ByteBuffer from) {
      return new Kept(BACKEND.read(from), from.getLong());
    }
  }
}
