/** Kubeconfig files: which contexts they have, and what is wrong with them. */
package io.sekisho.console.kubernetes.config;
