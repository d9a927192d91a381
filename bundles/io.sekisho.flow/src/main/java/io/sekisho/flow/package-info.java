/**
 * Flow records, filter language, aggregation to a service graph, recording. Plain Java, shared by
 * agent and console.
 */
@NullMarked
package io.sekisho.flow;

import org.jspecify.annotations.NullMarked;
