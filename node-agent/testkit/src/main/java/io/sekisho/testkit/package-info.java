/** For tests: packets, namespaces, clocks, residue checks. */
@NullMarked
package io.sekisho.testkit;

import org.jspecify.annotations.NullMarked;
