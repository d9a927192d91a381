/**
 * What a Kubernetes API server says: labels of pods, ranges of the node, policies. One more source
 * of intent beside revisions; {@link io.sekisho.agent.kubernetes.KubernetesSource} puts it
 * together.
 */
@NullMarked
package io.sekisho.agent.kubernetes;

import org.jspecify.annotations.NullMarked;
