package io.sekisho.console.policy;

import io.sekisho.console.ui.Theme;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.DocumentEvent;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IRegion;
import org.eclipse.jface.text.ITypedRegion;
import org.eclipse.jface.text.Region;
import org.eclipse.jface.text.TextPresentation;
import org.eclipse.jface.text.presentation.IPresentationDamager;
import org.eclipse.jface.text.presentation.IPresentationRepairer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyleRange;
import org.eclipse.swt.graphics.Color;

/**
 * Colours YAML line by line: keys, comments, quoted strings, and deny sections in the colour of
 * dropped traffic. What spans lines (block scalars) is shown as plain text.
 */
final class YamlWords implements IPresentationDamager, IPresentationRepairer {
  private static final Pattern WORDS =
      Pattern.compile(
          "(?<comment>(?:^|(?<=\\s))#.*$)"
              + "|(?<string>\"(?:[^\"\\\\]++|\\\\.)*+\"|'(?:[^']++|'')*+')"
              + "|(?<key>(?:^|(?<=[\\s-{,]))[A-Za-z_][\\w./:-]*(?=:(?:\\s|$)))");

  private static final Set<String> DENYING = Set.of("ingressDeny", "egressDeny", "deny");

  /** Longer lines stay plain: nobody reads them, and looking for words in them takes long. */
  private static final int LONGEST_LINE = 2_000;

  private final Theme theme;
  private IDocument document;

  YamlWords(Theme theme, IDocument document) {
    this.theme = theme;
    this.document = document;
  }

  @Override
  public void setDocument(IDocument next) {
    document = next;
  }

  @Override
  public IRegion getDamageRegion(ITypedRegion partition, DocumentEvent event, boolean changed) {
    try {
      // no colour depends on another line
      IRegion first = document.getLineInformationOfOffset(event.getOffset());
      int end = event.getOffset() + (event.getText() == null ? 0 : event.getText().length());
      IRegion last = document.getLineInformationOfOffset(end);
      return new Region(first.getOffset(), last.getOffset() + last.getLength() - first.getOffset());
    } catch (BadLocationException e) {
      return partition;
    }
  }

  @Override
  public void createPresentation(TextPresentation presentation, ITypedRegion damage) {
    try {
      int first = document.getLineOfOffset(damage.getOffset());
      int last = document.getLineOfOffset(damage.getOffset() + damage.getLength());
      for (int line = first; line <= last; line++) {
        IRegion region = document.getLineInformation(line);
        if (region.getLength() > LONGEST_LINE) {
          continue;
        }
        String text = document.get(region.getOffset(), region.getLength());
        ranges(text, region.getOffset()).forEach(presentation::addStyleRange);
      }
    } catch (BadLocationException e) {
      // the document changed meanwhile: the next event draws it
      presentation.clear();
    }
  }

  private List<StyleRange> ranges(String line, int offset) {
    List<StyleRange> ranges = new ArrayList<>();
    Matcher word = WORDS.matcher(line);
    while (word.find()) {
      Color colour = colour(word);
      ranges.add(
          new StyleRange(
              offset + word.start(), word.end() - word.start(), colour, null, SWT.NORMAL));
    }
    return ranges;
  }

  private Color colour(Matcher word) {
    if (word.group("comment") != null) {
      return theme.faint();
    }
    if (word.group("string") != null) {
      return theme.forwarded();
    }
    return DENYING.contains(word.group("key")) ? theme.dropped() : theme.accent();
  }
}
