package io.sekisho.cni;

import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** One question to the agent over its Unix socket; never waits longer than its patience. */
final class AgentConnection {
  private static final int RETRY_MILLIS = 50;

  /** A constant of the compiler's: the class with its Gson is not loaded for it. */
  private static final int MAX_BYTES = CniLine.MAX_BYTES;

  private final Path socket;
  private final Duration patience;
  private final Duration restart;

  /**
   * For one agent.
   *
   * @param patience bounds the whole exchange
   * @param restart how long an agent that does not listen may take to come back
   */
  AgentConnection(Path socket, Duration patience, Duration restart) {
    this.socket = socket;
    this.patience = patience;
    this.restart = restart;
  }

  /**
   * Sends the request and waits for the response; both are lines of JSON without the line's end.
   *
   * @throws CniException with TRY_AGAIN_LATER if the agent does not listen or does not answer in
   *     time, IO_FAILURE if the exchange breaks, DECODING_FAILURE if the answer is no answer
   */
  String ask(String request) {
    byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > MAX_BYTES) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "the request has " + line.length + " bytes, the agent reads " + MAX_BYTES);
    }
    long begun = System.nanoTime();
    long deadline = begun + patience.toNanos();
    try (SocketChannel channel = connect(begun + Math.min(restart.toNanos(), patience.toNanos()));
        Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      write(channel, key, ByteBuffer.wrap(line), deadline);
      return read(channel, key, deadline);
    } catch (IOException e) {
      throw new CniException(Code.IO_FAILURE, "the exchange with the agent broke", e);
    }
  }

  /** A non-blocking channel: an agent that hangs with a full queue must not hold us either. */
  private SocketChannel connect(long deadline) throws IOException {
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.configureBlocking(false);
        if (channel.connect(UnixDomainSocketAddress.of(socket))) {
          return channel;
        }
        throw new IOException("its queue of connections is full");
      } catch (IOException | IllegalArgumentException e) {
        channel.close();
        if (System.nanoTime() + RETRY_MILLIS * 1_000_000L > deadline) {
          throw new CniException(
              Code.TRY_AGAIN_LATER,
              "the agent does not listen at " + socket + ": is it running?",
              e);
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniException(Code.TRY_AGAIN_LATER, "interrupted", e);
    }
  }

  private void write(SocketChannel channel, SelectionKey key, ByteBuffer bytes, long deadline)
      throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(key, SelectionKey.OP_WRITE, deadline);
      }
    }
  }

  private String read(SocketChannel channel, SelectionKey key, long deadline) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    ByteBuffer chunk = ByteBuffer.allocate(4096);
    while (line.size() <= MAX_BYTES) {
      int count = channel.read(chunk.clear());
      if (count == 0) {
        await(key, SelectionKey.OP_READ, deadline);
        continue;
      }
      for (int i = 0; i < count; i++) {
        byte b = chunk.get(i);
        if (b == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(b);
      }
      if (count < 0) {
        throw new CniException(
            Code.TRY_AGAIN_LATER, "the agent ended the connection without an answer");
      }
    }
    throw new CniException(Code.IO_FAILURE, "the agent's answer has no end");
  }

  private void await(SelectionKey key, int operation, long deadline) throws IOException {
    key.interestOps(operation);
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0 || key.selector().select(left) == 0) {
      throw new CniException(
          Code.TRY_AGAIN_LATER, "the agent did not answer within " + patience.toSeconds() + " s");
    }
    key.selector().selectedKeys().clear();
  }
}
