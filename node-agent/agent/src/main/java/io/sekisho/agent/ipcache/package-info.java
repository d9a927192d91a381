/** Which identity and node an address belongs to. */
@NullMarked
package io.sekisho.agent.ipcache;

import org.jspecify.annotations.NullMarked;
