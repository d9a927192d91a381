/** The one thread that owns all desired state. */
@NullMarked
package io.sekisho.agent.loop;

import org.jspecify.annotations.NullMarked;
