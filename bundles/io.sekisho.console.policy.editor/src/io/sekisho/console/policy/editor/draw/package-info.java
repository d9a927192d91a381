/** The picture of a spec: what stands where, and the figures that draw it. */
package io.sekisho.console.policy.editor.draw;
