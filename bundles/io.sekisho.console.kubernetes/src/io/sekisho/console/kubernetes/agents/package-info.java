/** Where the agents are, and ways to them. */
package io.sekisho.console.kubernetes.agents;
