/** The Kubernetes API server: calls, their errors, and what changes there. Knows no other part. */
@NullMarked
package io.sekisho.agent.apiserver;

import org.jspecify.annotations.NullMarked;
