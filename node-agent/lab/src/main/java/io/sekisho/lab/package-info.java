/** A cluster on one Linux machine: namespaces as nodes and pods, demo workloads, faults. */
@NullMarked
package io.sekisho.lab;

import org.jspecify.annotations.NullMarked;
