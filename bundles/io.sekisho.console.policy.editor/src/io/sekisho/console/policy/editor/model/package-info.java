/**
 * What a policy document says, as it is drawn: subjects, peers, ports, and defaults. No widgets.
 */
package io.sekisho.console.policy.editor.model;
