package io.sekisho.agent.datapath;

import java.net.InetAddress;

/**
 * A service as its clients name it.
 *
 * @param protocol number of the protocol in IP
 */
public record ServiceAddress(InetAddress address, int port, int protocol) {}
