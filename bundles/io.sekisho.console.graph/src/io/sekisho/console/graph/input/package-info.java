/** Mouse, keys and the walk along edges. */
package io.sekisho.console.graph.input;
