package io.sekisho.lab.matrix;

/** A direction, with its words in documents, so that a template serves both. */
enum Side {
  INGRESS("ingress", "from", "Ingress"),
  EGRESS("egress", "to", "Egress");

  private final String section;
  private final String peers;
  private final String type;

  Side(String section, String peers, String type) {
    this.section = section;
    this.peers = peers;
    this.type = type;
  }

  /** {@code ingress}. */
  String section() {
    return section;
  }

  /** {@code from}. */
  String peers() {
    return peers;
  }

  /** {@code Ingress}. */
  String type() {
    return type;
  }

  /** What the policies of some places decide in this direction. */
  Links subject(String... places) {
    return this == INGRESS ? Links.to(places) : Links.from(places);
  }

  /** What has some places at the other end. */
  Links peer(String... places) {
    return this == INGRESS ? Links.from(places) : Links.to(places);
  }

  @Override
  public String toString() {
    return section;
  }
}
