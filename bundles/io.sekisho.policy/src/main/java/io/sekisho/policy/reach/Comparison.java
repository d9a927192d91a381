package io.sekisho.policy.reach;

/**
 * What became of an expectation by new documents, against the documents before.
 *
 * @param proof by the new documents; its counter-example is a new one if there is one
 * @param worse whether some connection is not as expected that was before, or that nothing was
 *     expected of
 */
public record Comparison(Proof proof, boolean worse) {}
