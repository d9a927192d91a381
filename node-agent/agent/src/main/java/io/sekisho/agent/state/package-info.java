/** Files that must survive: written whole or not at all. */
@NullMarked
package io.sekisho.agent.state;

import org.jspecify.annotations.NullMarked;
