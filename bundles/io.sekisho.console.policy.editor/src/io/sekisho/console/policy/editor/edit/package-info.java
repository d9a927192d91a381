/**
 * How each kind of document writes what the picture shows, and how edits become text. No widgets.
 */
package io.sekisho.console.policy.editor.edit;
