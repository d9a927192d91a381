/** What the API server tells of a cluster. */
package io.sekisho.console.kubernetes.objects;
