/** Answers about policies: who is meant, what is decided and why, what was expected of them. */
@NullMarked
package io.sekisho.agent.explain;

import org.jspecify.annotations.NullMarked;
