/** How boxes, lines and labels are painted. UI thread only; colours come from the theme alone. */
package io.sekisho.console.graph.figures;
