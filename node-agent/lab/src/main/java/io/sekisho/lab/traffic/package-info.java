/**
 * Traffic from inside network namespaces: single exchanges, and streams whose losses are counted.
 */
@NullMarked
package io.sekisho.lab.traffic;

import org.jspecify.annotations.NullMarked;
