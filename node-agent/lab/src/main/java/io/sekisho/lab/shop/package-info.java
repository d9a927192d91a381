/**
 * The shop: small processes that talk as the workloads of a web shop would. They know nothing of
 * Sekisho and need nothing but the JDK, so that each starts fast and stays small.
 */
@NullMarked
package io.sekisho.lab.shop;

import org.jspecify.annotations.NullMarked;
