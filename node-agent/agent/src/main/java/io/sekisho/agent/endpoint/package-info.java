/** The life of a pod's interface, from CNI call to realized policy, and over restarts. */
@NullMarked
package io.sekisho.agent.endpoint;

import org.jspecify.annotations.NullMarked;
