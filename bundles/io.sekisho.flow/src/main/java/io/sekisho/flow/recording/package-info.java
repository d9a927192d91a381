/** Flows in files: written as they come, read back, bounded in size, whole after a crash. */
@NullMarked
package io.sekisho.flow.recording;

import org.jspecify.annotations.NullMarked;
