/** Who can talk to whom by the documents, over all identities and ports; expectations proved. */
@NullMarked
package io.sekisho.policy.reach;

import org.jspecify.annotations.NullMarked;
