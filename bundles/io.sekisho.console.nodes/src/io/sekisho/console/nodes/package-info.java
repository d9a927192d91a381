/** Clusters and nodes. */
package io.sekisho.console.nodes;
