/** Servers on Unix sockets of the run folder. */
@NullMarked
package io.sekisho.agent.local;

import org.jspecify.annotations.NullMarked;
