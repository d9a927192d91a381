package io.sekisho.cni;

import com.google.gson.JsonObject;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniResult;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * For CHECK: whether the host's ends of the interfaces that ADD made are still there, as the kernel
 * of the node says. A pair ends with either of its ends, so this speaks for the container's too.
 */
final class HostInterfaces {
  private HostInterfaces() {}

  /**
   * Compares with the kernel, in the network namespace of this process: the node's.
   *
   * @throws CniException with CHECK_FAILED that names the interface
   */
  static void check(JsonObject previous) {
    CniResult result = ResultReader.read(previous);
    for (CniResult.Interface made : result.interfaces()) {
      if (made.sandbox().isEmpty()) {
        check(made);
      }
    }
  }

  private static void check(CniResult.Interface made) {
    try {
      @Nullable NetworkInterface found = NetworkInterface.getByName(made.name());
      if (found == null) {
        throw failed("the interface " + made.name() + " is gone");
      }
      byte @Nullable [] mac = found.getHardwareAddress();
      String text = mac == null ? "" : HexFormat.ofDelimiter(":").formatHex(mac);
      if (!made.mac().isEmpty() && !text.equalsIgnoreCase(made.mac())) {
        throw failed(
            "the interface " + made.name() + " has the MAC \"" + text + "\", not " + made.mac());
      }
    } catch (SocketException e) {
      throw new CniException(Code.CHECK_FAILED, "the interface " + made.name() + " is unknown", e);
    }
  }

  private static CniException failed(String message) {
    return new CniException(Code.CHECK_FAILED, message);
  }
}
