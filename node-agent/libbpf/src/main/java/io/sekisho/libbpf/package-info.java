/**
 * The kernel's BPF through libbpf: objects, maps, programs, links, rings. The only place that knows
 * jnr-ffi.
 */
@NullMarked
package io.sekisho.libbpf;

import org.jspecify.annotations.NullMarked;
