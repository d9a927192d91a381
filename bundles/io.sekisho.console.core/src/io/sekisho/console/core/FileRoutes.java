package io.sekisho.console.core;

import io.grpc.ManagedChannel;
import java.util.List;

/** The agents whose addresses the profile has, with certificates from its files. */
final class FileRoutes implements AgentRoutes {
  private final ConnectionProfile profile;

  FileRoutes(ConnectionProfile profile) {
    this.profile = profile;
  }

  @Override
  public Found find() {
    AgentCredentials credentials = AgentCredentials.read(profile);
    List<Route> routes =
        profile.addresses().stream().<Route>map(a -> new Address(a, credentials)).toList();
    return new Found(routes, credentials.role());
  }

  @Override
  public void close() {}

  private record Address(String agent, AgentCredentials credentials) implements Route {
    @Override
    public ManagedChannel open() {
      return credentials.open(agent, "");
    }
  }
}
