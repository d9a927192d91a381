package io.sekisho.cli;

import io.sekisho.api.v1.RuleRef;

/** Rules as people name them. */
final class Rules {
  private Rules() {}

  /** {@code shop/payment-in:2}, {@code default deny}, or a dash where no rule decided. */
  static String name(RuleRef rule) {
    return switch (rule.getId()) {
      case RuleRef.Reserved.UNKNOWN_RULE_VALUE, RuleRef.Reserved.NOT_ENFORCED_VALUE -> "–";
      case RuleRef.Reserved.DEFAULT_DENY_VALUE -> "default deny";
      case RuleRef.Reserved.LOCAL_HOST_VALUE -> "local host";
      case RuleRef.Reserved.FAIL_SAFE_VALUE -> "fail-safe port";
      case RuleRef.Reserved.REPLY_VALUE -> "reply";
      default -> {
        String path =
            rule.getNamespace().isEmpty()
                ? rule.getName()
                : rule.getNamespace() + "/" + rule.getName();
        yield path + ":" + rule.getIndex();
      }
    };
  }
}
