/** Recorded flows, gathered to the connections that they are about. */
@NullMarked
package io.sekisho.impact.seen;

import org.jspecify.annotations.NullMarked;
