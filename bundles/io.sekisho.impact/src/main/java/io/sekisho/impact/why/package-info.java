/** Why a connection passes or not, in the words of the documents. */
@NullMarked
package io.sekisho.impact.why;

import org.jspecify.annotations.NullMarked;
