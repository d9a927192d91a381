/** Looks at a node before the agent runs on it, and says what to do. */
@NullMarked
package io.sekisho.agent.doctor;

import org.jspecify.annotations.NullMarked;
