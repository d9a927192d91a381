package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.Profiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Profiles are read and written; broken ones say what is wrong. */
class ProfilesTest {
  private static final String GOOD =
      """
      {"name": "shop", "addresses": ["198.18.0.1:4244"], "ca": "ca.crt",
       "certificate": "alice.crt", "key": "/keys/alice.key", "production": true}
      """;

  @Test
  void parse_good_resolvesPathsAgainstTheFolder() {
    ConnectionProfile profile = Profiles.parse(GOOD, Path.of("/pki"));
    assertEquals(List.of("198.18.0.1:4244"), profile.addresses());
    assertEquals(Path.of("/pki/ca.crt"), profile.authority());
    assertEquals(Path.of("/keys/alice.key"), profile.key());
    assertTrue(profile.production());
  }

  @Test
  void write_thenParse_isTheSame() {
    ConnectionProfile profile = Profiles.parse(GOOD, Path.of("/pki"));
    assertEquals(profile, Profiles.parse(Profiles.write(profile), Path.of("/else")));
  }

  @Test
  void parse_broken_namesWhatIsMissing() {
    for (String json :
        List.of("", "[]", "{", "{}", GOOD.replace("\"name\"", "\"nam\""),
            GOOD.replace("[\"198.18.0.1:4244\"]", "[]"), GOOD.replace("\"ca.crt\"", "7 8"))) {
      ConsoleException e =
          assertThrows(ConsoleException.class, () -> Profiles.parse(json, Path.of("")), json);
      assertEquals(Code.BAD_PROFILE, e.code());
    }
  }

  @Test
  void read_noFile_namesIt() {
    ConsoleException e =
        assertThrows(ConsoleException.class, () -> Profiles.read(Path.of("/nowhere/p.json")));
    assertTrue(e.getMessage().contains("/nowhere/p.json"));
  }
}
