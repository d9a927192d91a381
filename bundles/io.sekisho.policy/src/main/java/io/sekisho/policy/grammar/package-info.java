/** Which fields documents have: said once, for the parser and for Kubernetes' schemas. */
@NullMarked
package io.sekisho.policy.grammar;

import org.jspecify.annotations.NullMarked;
