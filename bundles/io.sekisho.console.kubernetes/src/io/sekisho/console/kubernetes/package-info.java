/** A cluster through its Kubernetes API server: opens sessions, tests connections. */
package io.sekisho.console.kubernetes;
