/** Dry runs: what other documents would do to recorded traffic, and whom they touch. */
@NullMarked
package io.sekisho.impact.run;

import org.jspecify.annotations.NullMarked;
