/** The agent's configuration file. */
@NullMarked
package io.sekisho.agent.config;

import org.jspecify.annotations.NullMarked;
