package io.sekisho.cni.wire;

/**
 * An error as CNI prints it.
 *
 * @param code number of {@link CniException.Code}, 0 for no error
 * @param msg one sentence
 * @param details what else may help, or empty
 */
public record CniError(int code, String msg, String details) {
  /** All went well. */
  public static final CniError NONE = new CniError(0, "", "");

  /** Fills in what the JSON left out. */
  public CniError {
    msg = Fields.text(msg);
    details = Fields.text(details);
  }
}
