/**
 * Documents made for the operator: policies from flows, and the smallest change to one decision.
 */
@NullMarked
package io.sekisho.impact.propose;

import org.jspecify.annotations.NullMarked;
