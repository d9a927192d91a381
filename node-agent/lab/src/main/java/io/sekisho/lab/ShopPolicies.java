package io.sekisho.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The shop's first policies, as files of the lab's resources. */
final class ShopPolicies {
  private static final List<String> FILES =
      List.of("deny-scanner", "frontend", "cart", "catalog", "payment", "database", "monitoring");

  private ShopPolicies() {}

  /** The YAML texts. */
  static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String file : FILES) {
      try (InputStream stream = ShopPolicies.class.getResourceAsStream("shop/" + file + ".yaml")) {
        if (stream == null) {
          throw new LabException(LabException.Code.IO, "the policy " + file + " is not packed");
        }
        texts.add(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new LabException(LabException.Code.IO, "the policy " + file + " is not readable", e);
      }
    }
    return texts;
  }
}
