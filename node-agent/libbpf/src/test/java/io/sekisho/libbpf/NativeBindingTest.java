package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * jnr-ffi 2.3.4 spoils the sixth argument of functions that have six or more, all primitive. No
 * binding may have such a shape, and the one with six must get its sixth across.
 */
final class NativeBindingTest {
  private static Stream<Method> bindings() throws ClassNotFoundException {
    return Stream.of(
            LibBpf.Calls.class,
            LibBpfLog.Stdio.class,
            Class.forName("io.sekisho.libbpf.system.LibC$Calls"))
        .flatMap(binding -> Arrays.stream(binding.getMethods()));
  }

  @Test
  void bindings_withSixParameters_haveOneThatIsNotPrimitive() throws Exception {
    var spoiled =
        bindings()
            .filter(method -> method.getParameterCount() >= 6)
            .filter(m -> Arrays.stream(m.getParameterTypes()).allMatch(Class::isPrimitive))
            .toList();

    assertTrue(spoiled.isEmpty(), spoiled::toString);
    assertTrue(bindings().anyMatch(method -> method.getParameterCount() >= 6));
  }

  @Test
  void mapShared_withOffset_showsThatPartOfTheFile(@TempDir Path folder) throws IOException {
    int page = SystemCalls.pageSize();
    byte[] content = new byte[4 * page];
    Arrays.fill(content, 3 * page, 4 * page, (byte) 3);
    Path file = Files.write(folder.resolve("pages"), content);
    int fd = SystemCalls.open(file);
    long address = SystemCalls.mapShared(fd, 3L * page, page, false);
    try {
      assertFalse(address < 0, "mmap: errno " + -address);
      byte[] seen =
          MemorySegment.ofAddress(address).reinterpret(page).toArray(ValueLayout.JAVA_BYTE);

      assertArrayEquals(Arrays.copyOfRange(content, 3 * page, 4 * page), seen);
    } finally {
      SystemCalls.unmap(address, page);
      SystemCalls.close(fd);
    }
  }
}
