/** What works and what does not, for people and probes. */
@NullMarked
package io.sekisho.agent.health;

import org.jspecify.annotations.NullMarked;
