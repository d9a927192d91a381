/** The client of the API server, and what it may do. */
package io.sekisho.console.kubernetes.client;
