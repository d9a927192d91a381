/** Connections, cluster sessions, inventory, rollouts (no user interface). */
package io.sekisho.console.core;
