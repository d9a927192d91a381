/** What the console knows of a cluster's Kubernetes API server, and asks of it. No client here. */
package io.sekisho.console.core.kubernetes;
