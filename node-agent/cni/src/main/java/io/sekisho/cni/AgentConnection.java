package io.sekisho.cni;

import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
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
  private final Path socket;
  private final Duration patience;

  /** For one agent; `patience` bounds the whole exchange. */
  AgentConnection(Path socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /**
   * Sends the request and waits for the response.
   *
   * @throws CniException with TRY_AGAIN_LATER if the agent does not listen or does not answer in
   *     time, IO_FAILURE if the exchange breaks, DECODING_FAILURE if the answer is no answer
   */
  CniResponse ask(CniRequest request) {
    byte[] line = (CniLine.write(request) + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > CniLine.MAX_BYTES) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "the request has " + line.length + " bytes, the agent reads " + CniLine.MAX_BYTES);
    }
    long deadline = System.nanoTime() + patience.toNanos();
    try (SocketChannel channel = connect()) {
      channel.configureBlocking(false);
      try (Selector selector = Selector.open()) {
        SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
        write(channel, key, ByteBuffer.wrap(line), deadline);
        return CniLine.readResponse(read(channel, key, deadline));
      }
    } catch (IOException e) {
      throw new CniException(Code.IO_FAILURE, "the exchange with the agent broke", e);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw new CniException(
          Code.TRY_AGAIN_LATER, "the agent does not listen at " + socket + ": is it running?", e);
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
    while (line.size() <= CniLine.MAX_BYTES) {
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
