/** The traffic graph in the workbench. */
package io.sekisho.console.tests.graph;
