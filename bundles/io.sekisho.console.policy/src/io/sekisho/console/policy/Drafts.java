package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.core.runtime.Platform;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchListener;
import org.eclipse.ui.PlatformUI;
import org.osgi.framework.FrameworkUtil;

/**
 * The draft, its dry run and the rollout of each session, made at the first call. UI thread only.
 */
final class Drafts {
  private static final Map<ClusterSession, Draft> DRAFTS = new HashMap<>();
  private static final Map<ClusterSession, RolloutWatch> ROLLOUTS = new HashMap<>();
  private static final Map<ClusterSession, DryRuns> DRY_RUNS = new HashMap<>();

  private Drafts() {}

  static Draft of(ClusterSession session) {
    return of(DRAFTS, session, s -> new Draft(s, new DraftFile(folder(), fileName(s))));
  }

  /** Those of other sessions go once these are closed: each holds all that its session knew. */
  private static <T> T of(
      Map<ClusterSession, T> all, ClusterSession session, Function<ClusterSession, T> make) {
    all.keySet().removeIf(s -> s != session && s.link() instanceof Link.Closed);
    return all.computeIfAbsent(session, make);
  }

  /** Changes of objects are kept apart from those of revisions. */
  private static String fileName(ClusterSession session) {
    String name = session.profile().name();
    return PolicyObjects.of(session).isPresent() ? name + " (Kubernetes)" : name;
  }

  static RolloutWatch rollout(ClusterSession session) {
    return of(ROLLOUTS, session, RolloutWatch::new);
  }

  static DryRuns dryRuns(ClusterSession session) {
    return of(DRY_RUNS, session, s -> new DryRuns(of(s)));
  }

  /** What is still to be written when the workbench ends is written before. */
  static {
    PlatformUI.getWorkbench()
        .addWorkbenchListener(
            new IWorkbenchListener() {
              @Override
              public boolean preShutdown(IWorkbench workbench, boolean forced) {
                return true;
              }

              @Override
              public void postShutdown(IWorkbench workbench) {
                DraftFile.flush();
              }
            });
  }

  private static Path folder() {
    return Platform.getStateLocation(FrameworkUtil.getBundle(Drafts.class)).toPath();
  }
}
