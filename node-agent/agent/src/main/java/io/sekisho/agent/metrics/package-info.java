/** Counters, gauges and histograms, and their text form. */
@NullMarked
package io.sekisho.agent.metrics;

import org.jspecify.annotations.NullMarked;
