/** The graphical policy editor; its texts. */
package io.sekisho.console.policy.editor;
