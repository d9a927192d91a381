/** sekisho-agent's command line. */
@NullMarked
package io.sekisho.cli;

import org.jspecify.annotations.NullMarked;
