package io.sekisho.agent.endpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one call at a time work on an attachment; calls for others go on beside it. */
final class AttachmentLocks {
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock(true);
    private int users;
  }

  private final Map<Attachment, Slot> slots = new HashMap<>();

  <T> T locked(Attachment attachment, Supplier<T> work) {
    Slot slot = enter(attachment);
    slot.lock.lock();
    try {
      return work.get();
    } finally {
      slot.lock.unlock();
      leave(attachment, slot);
    }
  }

  private synchronized Slot enter(Attachment attachment) {
    Slot slot = slots.computeIfAbsent(attachment, a -> new Slot());
    slot.users++;
    return slot;
  }

  private synchronized void leave(Attachment attachment, Slot slot) {
    if (--slot.users == 0) {
      slots.remove(attachment);
    }
  }

  /** Attachments that are worked on now. */
  synchronized int size() {
    return slots.size();
  }
}
