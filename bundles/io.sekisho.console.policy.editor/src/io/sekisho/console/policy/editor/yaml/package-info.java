/** YAML as text with places: read, compare, and patch without touching what does not change. */
package io.sekisho.console.policy.editor.yaml;
