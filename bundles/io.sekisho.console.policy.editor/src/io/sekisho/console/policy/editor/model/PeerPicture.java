package io.sekisho.console.policy.editor.model;

/** A peer as it is drawn. */
public record PeerPicture(PeerId id, PeerForm form) {}
