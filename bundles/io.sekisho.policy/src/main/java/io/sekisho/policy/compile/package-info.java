/** From documents and identities to the entries of the datapath's policy map. */
@NullMarked
package io.sekisho.policy.compile;

import org.jspecify.annotations.NullMarked;
