/** The few system calls that BPF and netlink need and Java does not have. */
@NullMarked
package io.sekisho.libbpf.system;

import org.jspecify.annotations.NullMarked;
