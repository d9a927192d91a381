package io.sekisho.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The agent's version, as Maven wrote it into the jar. */
public final class Version {
  private static final String PROPERTIES = "/META-INF/maven/io.sekisho/agent/pom.properties";

  private Version() {}

  /** For example {@code 0.1.0}; {@code development} outside of a jar. */
  public static String current() {
    try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
      if (in == null) {
        return "development";
      }
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "development");
    } catch (IOException e) {
      return "development";
    }
  }
}
