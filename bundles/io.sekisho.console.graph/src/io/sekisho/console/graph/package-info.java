/** The traffic graph. */
package io.sekisho.console.graph;
