package io.sekisho.agent.datapath;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The node's dataplane. One thread at a time calls it, the reconciler; every call blocks. There is
 * one implementation on the kernel and one fake for tests, held to the same contract test.
 */
public interface Datapath extends AutoCloseable {

  /**
   * Loads the programs, or takes over what an earlier agent pinned, without a packet lost; says
   * which endpoints the kernel already carries, so that they can be restored.
   *
   * @throws DatapathException with UNSUPPORTED_FEATURE, LOAD_FAILED or PERMISSION_DENIED
   */
  List<WiredEndpoint> open(NodeConfig config);

  /**
   * Creates an endpoint's interface pair, moves the inner end into the pod's network namespace and
   * gives it addresses, routes and neighbours; attaches the programs. An adopted pair only gets the
   * programs, and what they need. Idempotent for the same wiring. No traffic passes before a {@link
   * #apply} names the endpoint.
   *
   * @return host interface, its index and both MAC addresses
   * @throws DatapathException with WIRING_FAILED or NOT_ADOPTABLE; nothing is left behind then
   */
  WiredEndpoint wire(Wiring wiring);

  /**
   * Removes an endpoint's interface pair and everything that points to it; an adopted pair stays,
   * without our programs. Idempotent.
   */
  void unwire(int endpointId);

  /** Wired endpoints whose host interface is gone, though nobody unwired them. */
  Set<Integer> missing();

  /**
   * What a pod's network namespace really holds of an interface; empty if there is none of the
   * name.
   *
   * @throws DatapathException with WIRING_FAILED if there is no such namespace
   */
  Optional<PodState> inspect(Path networkNamespace, String interfaceName);

  /**
   * Makes the maps say what is desired: writes only what differs from the last call (or, after
   * {@link #open}, from the kernel). Policy tables change atomically, and before the endpoint that
   * needs them becomes visible; an endpoint whose table does not fit fails closed.
   *
   * @return one error for each object that could not be realized; empty when all is well
   */
  List<RealizeError> apply(DesiredState desired);

  /**
   * Compares what the kernel says of an endpoint, or of the node itself as one, with what it should
   * say; reads the kernel, and none of what {@link #apply} remembers. Some ms for a large table.
   */
  List<MapDifference> audit(DesiredState.Endpoint expected);

  /** Compares the same for all that belongs to no endpoint that is expected. */
  List<MapDifference> auditShared(DesiredState expected);

  /** Compares the deny lists with what they should be. */
  List<MapDifference> auditPrefilter(DesiredState.PrefixFilter expected);

  /** Reads back what the kernel says, so that the next {@link #apply} writes all that differs. */
  void reread();

  /**
   * Goes on with other settings: other addresses of the node, another underlay of the same name,
   * other pod ranges. Programs with new constants are loaded beside the old ones and take their
   * place; no packet is lost. {@link #apply} must follow, for the routes.
   *
   * @throws DatapathException as {@link #open}; the old settings stay in force then
   */
  void reconfigure(NodeConfig config);

  /**
   * Looks whether devices, attachments, routes and settings in the kernel are still as this
   * dataplane made them, puts back what others changed, and goes on with deletions that failed. A
   * few ms; routes are looked at only if the kernel told of one that went, or not for a minute.
   *
   * @return what was not as it should be; empty when all is well
   */
  List<Repair> repair();

  /** Asks the kernel what the ways to other nodes carry, and makes routes follow; some 100 us. */
  void followWays();

  /** Where changes of the node's devices go; one, that must not block. */
  void onChange(NodeChangeSink sink);

  /** Where events go; called on the event thread with a cursor that is valid during the call. */
  void onEvents(EventSink sink);

  /** Fill of every map, for status; may take a few ms for large maps. */
  List<MapFill> fill();

  /** The deny lists as the kernel has them. */
  PrefilterState prefilter();

  /**
   * The devices by which pods' packets may leave the cluster; none where nothing is masqueraded.
   */
  List<UplinkState> uplinks();

  /** Events that the kernel could not store since the agent's start. */
  long lostEvents();

  /** Stops reading events; programs, links and maps stay pinned and traffic goes on. */
  @Override
  void close();

  /**
   * Removes everything of this node from the kernel: links, pins, devices, routes, reserved ports.
   */
  void uninstall();

  /** How full a map is. */
  record MapFill(String name, long entries, long capacity) {}

  /**
   * Something in the kernel that was not as it should be.
   *
   * @param object for example {@code interface lxc0001}
   * @param found what was wrong, as the rest of a sentence
   * @param failure why it is still so; empty if it is as it should be again
   */
  record Repair(String object, String found, Optional<String> failure) {
    /** It is as it should be again. */
    static Repair done(String object, String found) {
      return new Repair(object, found, Optional.empty());
    }

    /** It is still so. */
    static Repair failed(String object, String found, Throwable failure) {
      String message = failure.getMessage();
      return new Repair(object, found, Optional.of(message == null ? failure.toString() : message));
    }

    /** One sentence without its subject, the object. */
    public String message() {
      return found
          + failure
              .map(why -> ", and that cannot be mended yet: " + why)
              .orElse("; that is mended");
    }
  }

  /** An object that could not be realized, for example {@code endpoint 12}, and why. */
  record RealizeError(String object, String message) {}
}
