package io.github.camelingest.management;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;

/**
 * HTML that holds nothing but what was meant: whatever is put into its gaps is text, unless it is
 * markup itself.
 *
 * @param html as a browser gets it
 */
record Markup(String html) {

  static final Markup NOTHING = new Markup("");

  /** The pictures of the control characters come in their order. */
  private static final int PICTURES = 0x2400;

  private static final int PICTURE_OF_DELETE = 0x2421;

  /**
   * Fills gaps.
   *
   * @param template HTML with gaps as of {@link String#format}
   */
  static Markup of(String template, Object... parts) {
    return new Markup(template.formatted(Arrays.stream(parts).map(Markup::safe).toArray()));
  }

  static Markup all(Stream<Markup> parts) {
    return new Markup(parts.map(Markup::html).collect(Collectors.joining()));
  }

  private static String safe(Object part) {
    return part instanceof Markup markup
        ? markup.html()
        : StringHelper.xmlEncode(visible(String.valueOf(part)));
  }

  /** HTML does not allow control characters, and a browser shows nothing in their place. */
  private static String visible(String text) {
    return text.codePoints()
        .map(c -> c < ' ' ? PICTURES + c : Character.isISOControl(c) ? PICTURE_OF_DELETE : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
