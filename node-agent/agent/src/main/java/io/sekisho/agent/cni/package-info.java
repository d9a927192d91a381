/** The server side of the CNI plugin. */
@NullMarked
package io.sekisho.agent.cni;

import org.jspecify.annotations.NullMarked;
