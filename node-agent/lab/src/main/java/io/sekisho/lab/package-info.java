/**
 * A cluster on one Linux machine: network namespaces are nodes, pods and the outside; every node
 * runs a real agent, every pod is made by the CNI plugin and is a real process. {@link
 * io.sekisho.lab.Lab} is the way in.
 */
@NullMarked
package io.sekisho.lab;

import org.jspecify.annotations.NullMarked;
