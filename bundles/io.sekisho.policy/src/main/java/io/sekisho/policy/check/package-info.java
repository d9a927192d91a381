/** What is suspicious in documents once it is known who is in the cluster. */
@NullMarked
package io.sekisho.policy.check;

import org.jspecify.annotations.NullMarked;
