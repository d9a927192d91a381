/** The way from an endpoint of this node to any destination: its stations, and pings along it. */
@NullMarked
package io.sekisho.agent.path;

import org.jspecify.annotations.NullMarked;
