/** A real Kubernetes cluster for tests. */
@NullMarked
package io.sekisho.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
