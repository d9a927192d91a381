package io.sekisho.cli;

import io.sekisho.policy.reach.Proof;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Proofs as a test report in the form that JUnit's Ant task made usual. */
final class JUnitReport {
  private static final String SUITE = "expectations";

  private JUnitReport() {}

  /**
   * Writes a report.
   *
   * @param seconds how long it took to read and prove
   */
  static void write(Path file, List<Proof> proofs, double seconds) {
    try (Writer writer = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(writer);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", Integer.toString(proofs.size()));
      xml.writeAttribute(
          "failures", Long.toString(proofs.stream().filter(p -> !p.holds()).count()));
      xml.writeAttribute("errors", "0");
      xml.writeAttribute(
          "skipped", Long.toString(proofs.stream().filter(JUnitReport::isEmpty).count()));
      xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
      for (Proof proof : proofs) {
        write(xml, proof);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (IOException | XMLStreamException e) {
      throw new CliException(CliException.Code.USAGE, "cannot write " + file + ": " + e, e);
    }
  }

  private static boolean isEmpty(Proof proof) {
    return proof.holds() && proof.pairs() == 0;
  }

  private static void write(XMLStreamWriter xml, Proof proof) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE);
    xml.writeAttribute("name", proof.expectation().name());
    if (!proof.holds()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", proof.toString());
      xml.writeCharacters(proof.expectation().reason());
      xml.writeEndElement();
    } else if (isEmpty(proof)) {
      xml.writeStartElement("skipped");
      xml.writeAttribute("message", proof.toString());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }
}
