package io.sekisho.cli;

import io.sekisho.policy.Problem;
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

  /** What has the errors of documents. */
  private static final String DOCUMENTS = "documents";

  private JUnitReport() {}

  /**
   * Writes a report.
   *
   * @param read errors of documents stand before all
   * @param proofs none where a document has an error
   * @param seconds how long it took to read and prove
   */
  static void write(Path file, ManifestFolder read, List<Proof> proofs, double seconds) {
    List<Problem> errors = read.manifests().parsed().errors();
    try (Writer writer = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(writer);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", Integer.toString(errors.size() + proofs.size()));
      xml.writeAttribute(
          "failures", Long.toString(proofs.stream().filter(p -> !p.holds()).count()));
      xml.writeAttribute("errors", Integer.toString(errors.size()));
      xml.writeAttribute(
          "skipped", Long.toString(proofs.stream().filter(JUnitReport::isEmpty).count()));
      xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
      for (Problem error : errors) {
        write(xml, read.place(error), ManifestFolder.message(error));
      }
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

  /** Without the characters that XML 1.0 cannot have. */
  private static String clean(String text) {
    return text.codePoints()
        .map(c -> isXml(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isXml(int c) {
    return c >= ' '
        ? c < 0xd800 || (c > 0xdfff && c < 0xfffe) || c > 0xffff
        : "\t\n\r".indexOf(c) >= 0;
  }

  private static void write(XMLStreamWriter xml, String place, String message)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", DOCUMENTS);
    xml.writeAttribute("name", clean(place));
    xml.writeStartElement("error");
    xml.writeAttribute("message", clean(message));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void write(XMLStreamWriter xml, Proof proof) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE);
    xml.writeAttribute("name", proof.expectation().name());
    if (!proof.holds()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", clean(proof.toString()));
      xml.writeCharacters(clean(proof.expectation().reason()));
      xml.writeEndElement();
    } else if (isEmpty(proof)) {
      xml.writeStartElement("skipped");
      xml.writeAttribute("message", clean(proof.toString()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }
}
