/** What a container of the agent puts on its host, and takes away again. */
@NullMarked
package io.sekisho.agent.host;

import org.jspecify.annotations.NullMarked;
