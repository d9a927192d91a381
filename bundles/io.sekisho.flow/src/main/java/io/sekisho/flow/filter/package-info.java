/** The one filter language: parse, match, print, complete. */
@NullMarked
package io.sekisho.flow.filter;

import org.jspecify.annotations.NullMarked;
