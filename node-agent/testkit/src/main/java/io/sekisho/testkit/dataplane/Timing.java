package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.TestRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How long a dataplane's programs take for a packet: averages of many runs, ns. */
public final class Timing {
  private final Dataplane dataplane;

  Timing(Dataplane dataplane) {
    this.dataplane = dataplane;
  }

  /** Time that from_netdev takes for a packet, each run with what the last one left of it. */
  public long fromNetdev(byte[] frame, int repeat) {
    int underlay = dataplane.underlay();
    return of("from_netdev", frame, Dataplane.context(0, underlay, underlay), repeat);
  }

  /** Time that to_netdev takes for a packet, each run with what the last one left of it. */
  public long toNetdev(int mark, byte[] frame, int repeat) {
    return of("to_netdev", frame, Dataplane.context(mark, 0, dataplane.underlay()), repeat);
  }

  /**
   * Time that a program takes, that of {@link Hook#NONE} included. Every run gets the packet as it
   * is here.
   *
   * @param ingress device from which the stack has it, empty for none; or a pod's
   * @param pod whose interface it is, for the hooks of pods
   * @param mark of the packet; the tunnel id for {@link Hook#FROM_OVERLAY}
   * @param fresh whether each run opens another connection
   */
  public long of(
      Hook hook, Pod pod, String ingress, int mark, boolean fresh, byte[] frame, int repeat) {
    return dataplane.nanosOf("again", run(hook, pod, ingress, mark, fresh, frame, repeat));
  }

  /** What {@code again} of tunnel.bpf.c is to be run over for {@link #of}. */
  TestRun run(
      Hook hook, Pod pod, String ingress, int mark, boolean fresh, byte[] frame, int repeat) {
    boolean ofPod = hook == Hook.FROM_ENDPOINT || hook == Hook.TO_ENDPOINT;
    int ifindex = ofPod ? dataplane.ifindex(pod) : dataplane.device("overlay");
    int from = ingress.isEmpty() ? 0 : dataplane.device(ingress);
    byte[] context = Dataplane.context(0, from, ifindex);
    ByteBuffer scratch = ByteBuffer.wrap(context).order(ByteOrder.nativeOrder()).position(48);
    scratch.put(frame, 0, 12).putInt(hook.ordinal() | (fresh ? 256 : 0)).putInt(mark);
    return TestRun.of(frame).context(context).repeat(repeat);
  }

  private long of(String program, byte[] frame, byte[] context, int repeat) {
    return dataplane.nanosOf(program, TestRun.of(frame).context(context).repeat(repeat));
  }
}
