/** What documents say about one connection, and why. */
@NullMarked
package io.sekisho.policy.evaluate;

import org.jspecify.annotations.NullMarked;
