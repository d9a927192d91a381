/** What the engines of this bundle share. */
@NullMarked
package io.sekisho.impact;

import org.jspecify.annotations.NullMarked;
