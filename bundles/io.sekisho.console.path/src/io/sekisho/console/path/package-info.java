/** The path between two endpoints: which hops, on which node, how long it takes. */
package io.sekisho.console.path;
