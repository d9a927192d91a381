/**
 * Benchmarks: numbers of Sekisho on this machine, beside the kernel's own ways in the same run.
 * Rounds are interleaved and pinned to a CPU, medians are compared, results are kept as JSON.
 */
@NullMarked
package io.sekisho.bench;

import org.jspecify.annotations.NullMarked;
