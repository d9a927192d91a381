/** The reader behind {@link io.sekisho.policy.Documents}: YAML nodes to records, with positions. */
@NullMarked
package io.sekisho.policy.parse;

import org.jspecify.annotations.NullMarked;
