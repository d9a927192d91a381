/** The node agent: puts its parts together, starts and ends them. */
@NullMarked
package io.sekisho.agent;

import org.jspecify.annotations.NullMarked;
