package io.sekisho.agent.endpoint;

/**
 * An interface of a container, as the runtime names it: what CNI calls are about.
 *
 * @param containerId CNI_CONTAINERID
 * @param interfaceName CNI_IFNAME
 */
public record Attachment(String containerId, String interfaceName) {}
