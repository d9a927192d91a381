/** Frames as bytes: built readably for tests, and read back. */
@NullMarked
package io.sekisho.testkit.packet;

import org.jspecify.annotations.NullMarked;
