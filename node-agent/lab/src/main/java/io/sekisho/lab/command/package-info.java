/**
 * The command line {@code sekisho-lab}; each command is one class over {@link io.sekisho.lab.Lab}.
 */
@NullMarked
package io.sekisho.lab.command;

import org.jspecify.annotations.NullMarked;
