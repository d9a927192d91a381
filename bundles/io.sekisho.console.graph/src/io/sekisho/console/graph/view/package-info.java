/** The graph as a viewer, its table twin, and the workbench view that holds both. */
package io.sekisho.console.graph.view;
