/** The picture as a widget: selection, menus, inline editing, drag and drop, and its table twin. */
package io.sekisho.console.policy.editor.view;
