package io.sekisho.lab.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the report that Kubernetes' tests write. */
final class JunitReport {
  private static final String PREFIX = "[It] ";

  private JunitReport() {}

  /** What it says of these specs; one that it does not name has failed. */
  static List<Spec> of(Path file, List<String> specs) throws IOException {
    Map<String, Spec> found = Files.exists(file) ? read(file) : Map.of();
    return specs.stream()
        .map(
            name ->
                found.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(name))
                    .map(
                        e ->
                            new Spec(
                                name,
                                e.getValue().result(),
                                e.getValue().seconds(),
                                e.getValue().why()))
                    .findFirst()
                    .orElse(
                        new Spec(
                            name,
                            Spec.Result.FAILED,
                            0,
                            "it did not run: the time was up, or the tests broke off")))
        .toList();
  }

  /** The specs that ran, by their names. */
  private static Map<String, Spec> read(Path file) throws IOException {
    var factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    var out = new HashMap<String, Spec>();
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      Optional<Spec> now = Optional.empty();
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          now = begin(xml, now);
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          now.ifPresent(spec -> out.put(spec.name(), spec));
          now = Optional.empty();
        }
      }
      return out;
    } catch (XMLStreamException e) {
      throw new IOException(file + " is no report: " + e.getMessage(), e);
    }
  }

  private static Optional<Spec> begin(XMLStreamReader xml, Optional<Spec> now)
      throws XMLStreamException {
    String message = text(xml, "message");
    return switch (xml.getLocalName()) {
      case "testcase" -> {
        String name = text(xml, "name");
        yield name.startsWith(PREFIX)
            ? Optional.of(
                new Spec(
                    name.substring(PREFIX.length()),
                    Spec.Result.PASSED,
                    Double.parseDouble(text(xml, "time")),
                    ""))
            : Optional.empty();
      }
      case "failure", "error" -> {
        // Kubernetes leaves the attribute out
        String why = message.isEmpty() ? xml.getElementText().strip() : message;
        yield now.map(s -> new Spec(s.name(), Spec.Result.FAILED, s.seconds(), why));
      }
      // those that were not chosen say nothing
      case "skipped" ->
          message.isEmpty() || message.equals("skipped")
              ? Optional.empty()
              : now.map(s -> new Spec(s.name(), Spec.Result.SKIPPED, s.seconds(), message));
      default -> now;
    };
  }

  private static String text(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? "" : value;
  }
}
