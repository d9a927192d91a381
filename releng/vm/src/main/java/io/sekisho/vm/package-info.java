/**
 * What runs inside a test kernel: two nodes with pods in network namespaces, and real traffic
 * through the agent's own datapath.
 */
@NullMarked
package io.sekisho.vm;

import org.jspecify.annotations.NullMarked;
