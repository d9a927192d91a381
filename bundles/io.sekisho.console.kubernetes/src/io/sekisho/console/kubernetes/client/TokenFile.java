package io.sekisho.console.kubernetes.client;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A token in a file, which somebody else renews. */
record TokenFile(Path file) implements Tokens {
  @Override
  public String token() {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConsoleException(Code.BAD_PROFILE, "The token file " + file + " can't be read.", e);
    }
  }

  @Override
  public Optional<String> instead(String refused) {
    return Optional.of(token()).filter(now -> !now.equals(refused));
  }
}
