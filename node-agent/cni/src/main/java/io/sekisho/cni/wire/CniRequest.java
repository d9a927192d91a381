package io.sekisho.cni.wire;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import java.util.Map;

/**
 * What the plugin asks of the agent. Texts that the runtime did not give are empty; the agent
 * validates, the plugin only carries.
 *
 * @param command CNI_COMMAND
 * @param cniVersion version of the specification that the network configuration asks for
 * @param network name of the network configuration
 * @param containerId CNI_CONTAINERID
 * @param networkNamespace CNI_NETNS, the path of the container's network namespace
 * @param interfaceName CNI_IFNAME
 * @param args CNI_ARGS, taken apart at {@code ;} and {@code =}
 * @param previous prevResult of the network configuration; {@link CniResult#NONE} if it has none
 * @param validAttachments {@code cni.dev/valid-attachments}, for GC
 */
public record CniRequest(
    CniCommand command,
    String cniVersion,
    String network,
    @SerializedName("containerID") String containerId,
    @SerializedName("netns") String networkNamespace,
    @SerializedName("ifname") String interfaceName,
    Map<String, String> args,
    CniResult previous,
    List<Attachment> validAttachments) {

  /** Fills in what the JSON left out, keeps immutable copies. */
  public CniRequest {
    cniVersion = Fields.text(cniVersion);
    network = Fields.text(network);
    containerId = Fields.text(containerId);
    networkNamespace = Fields.text(networkNamespace);
    interfaceName = Fields.text(interfaceName);
    args = Fields.map(args);
    previous = Fields.orElse(previous, CniResult.NONE);
    validAttachments = Fields.list(validAttachments);
  }

  /** An interface of a container. */
  public record Attachment(
      @SerializedName("containerID") String containerId,
      @SerializedName("ifname") String interfaceName) {
    /** Fills in what the JSON left out. */
    public Attachment {
      containerId = Fields.text(containerId);
      interfaceName = Fields.text(interfaceName);
    }
  }
}
