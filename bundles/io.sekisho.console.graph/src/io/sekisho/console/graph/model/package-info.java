/**
 * What the graph shows: workloads and connections of a service graph, folded until a person can
 * read them. No widgets here.
 */
package io.sekisho.console.graph.model;
