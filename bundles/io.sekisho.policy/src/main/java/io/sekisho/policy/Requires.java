package io.sekisho.policy;

/**
 * A condition ({@code fromRequires}, {@code toRequires}) that every endpoint must fulfil which
 * selectors of the same section name, in whatever document for the same subject they stand.
 *
 * @param section the section whose selectors it narrows
 * @param selector what endpoints must fulfil
 */
public record Requires(Section section, Selector selector) {}
