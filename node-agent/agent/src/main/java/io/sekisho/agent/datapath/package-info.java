/**
 * The only door to the kernel: desired dataplane state goes in, events come out. Controllers never
 * see libbpf or netlink.
 */
@NullMarked
package io.sekisho.agent.datapath;

import org.jspecify.annotations.NullMarked;
