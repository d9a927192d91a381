/** Numbers for the address prefixes that policies name. */
@NullMarked
package io.sekisho.agent.identity;

import org.jspecify.annotations.NullMarked;
