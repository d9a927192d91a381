/** Policy editor, revisions, rollout. */
package io.sekisho.console.policy;
