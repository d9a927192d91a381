/**
 * The compiled dataplane under test: programs run over packets without devices (BPF_PROG_TEST_RUN),
 * maps as records. Reads the layouts of {@code bpf/types.h} on its own, so that the agent's reading
 * is not tested against itself.
 */
@NullMarked
package io.sekisho.testkit.dataplane;

import org.jspecify.annotations.NullMarked;
