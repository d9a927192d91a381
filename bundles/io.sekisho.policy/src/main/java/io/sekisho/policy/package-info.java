/**
 * Policy documents: parse with positions, validate, select, evaluate, compile, diff. Plain Java,
 * shared by the agent and the console; knows neither.
 */
@NullMarked
package io.sekisho.policy;

import org.jspecify.annotations.NullMarked;
