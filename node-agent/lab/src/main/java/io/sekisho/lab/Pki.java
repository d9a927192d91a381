package io.sekisho.lab;

import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.PkiException;
import io.sekisho.agent.pki.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The lab's certificates: its own authority, one for each node, etcd, and an operator. */
final class Pki {
  /** The operator whose certificate the console of the demo uses. */
  static final String OPERATOR = "alice";

  private static final String ETCD = "etcd";

  private final Path folder;

  Pki(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes all of them anew.
   *
   * @throws LabException with IO
   */
  void create(List<LabNode> nodes) {
    try {
      Files.createDirectories(folder);
      Authority authority = new Authority(folder, Clock.systemUTC());
      authority.init();
      for (LabNode node : nodes) {
        List<String> addresses = new ArrayList<>(node.addresses());
        addresses.addAll(node.moved().addresses());
        authority.node(node.name(), addresses);
      }
      authority.node(ETCD, List.of(Underlay.ETCD, "127.0.0.1"));
      authority.operator(OPERATOR, Role.ADMIN);
    } catch (IOException | PkiException e) {
      throw new LabException(LabException.Code.IO, "no certificates: " + e.getMessage(), e);
    }
  }

  Path authority() {
    return folder.resolve("ca.crt");
  }

  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  Path etcdCertificate() {
    return certificate(ETCD);
  }

  Path etcdKey() {
    return key(ETCD);
  }
}
