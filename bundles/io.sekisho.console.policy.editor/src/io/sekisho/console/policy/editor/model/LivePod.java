package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Labels;

/**
 * An endpoint that exists now.
 *
 * @param namespace its namespace
 * @param workload what it belongs to
 * @param pod its name
 * @param labels its security labels, the namespace's included
 */
public record LivePod(String namespace, String workload, String pod, Labels labels) {}
