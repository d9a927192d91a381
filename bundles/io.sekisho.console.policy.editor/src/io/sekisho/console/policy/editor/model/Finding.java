package io.sekisho.console.policy.editor.model;

/**
 * Something wrong or suspicious in the text.
 *
 * @param error whether the text can't be used as it is
 * @param line line in the text, from 1; 0 where unknown
 * @param column column in the line, from 1; 0 where unknown
 * @param message what is wrong
 * @param suggestion what the word there could be, empty for nothing
 */
public record Finding(boolean error, int line, int column, String message, String suggestion) {}
