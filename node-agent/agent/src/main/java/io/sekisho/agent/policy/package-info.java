/** From documents and identities to one policy table for each endpoint; names of rules. */
@NullMarked
package io.sekisho.agent.policy;

import org.jspecify.annotations.NullMarked;
