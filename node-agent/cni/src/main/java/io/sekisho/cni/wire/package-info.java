/**
 * The words that the CNI plugin and the agent speak: the plugin connects to the agent's Unix
 * socket, writes one {@link io.sekisho.cni.wire.CniRequest} as a line of JSON, reads one {@link
 * io.sekisho.cni.wire.CniResponse} as a line of JSON, and the connection ends. {@link
 * io.sekisho.cni.wire.CniLine} reads and writes both.
 */
@NullMarked
package io.sekisho.cni.wire;

import org.jspecify.annotations.NullMarked;
