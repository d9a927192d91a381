/**
 * Where everything stands: sizes, layered and tiled layout, orthogonal routes, labels, calm
 * changes. No widgets here: all of it runs on a worker.
 */
package io.sekisho.console.graph.layout;
