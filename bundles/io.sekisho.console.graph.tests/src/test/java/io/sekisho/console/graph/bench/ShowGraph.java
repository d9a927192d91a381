package io.sekisho.console.graph.bench;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.view.GraphViewer;
import io.sekisho.console.ui.Theme;
import java.util.Set;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;

/** Shows a made-up cluster in a plain window and takes a picture of it. */
public final class ShowGraph {
  private ShowGraph() {}

  public static void main(String[] args) {
    String scene = args[0];
    String file = args[1];
    Display display = new Display();
    Theme theme = scene.contains("dark") ? Theme.DARK : Theme.LIGHT;
    Shell shell = new Shell(display, SWT.NO_TRIM);
    shell.setLayout(new FillLayout());
    GraphViewer viewer = new GraphViewer(shell, theme, e -> e.printStackTrace());
    shell.setBounds(0, 0, Integer.getInteger("width", 950), Integer.getInteger("height", 500));
    shell.open();
    viewer.input(scene.contains("folded") ? Clusters.synthetic(200, 420, 25, 5) : Clusters.shop());
    display.timerExec(
        Integer.getInteger("wait", 3000),
        () -> {
          if (scene.contains("selected")) {
            viewer.select(Set.of("/203.0.113.40/32 > shop/payment"));
          }
          if (scene.contains("search")) {
            viewer.input(Clusters.shopWithSearch());
          }
          display.timerExec(
              800,
              () -> {
                var size = viewer.canvas().getSize();
                Image image = new Image(display, size.x, size.y);
                GC gc = new GC(viewer.canvas());
                gc.copyArea(image, 0, 0);
                ImageLoader loader = new ImageLoader();
                loader.data = new ImageData[] {image.getImageData()};
                loader.save(file, SWT.IMAGE_PNG);
                gc.dispose();
                shell.dispose();
              });
        });
    while (!shell.isDisposed()) {
      if (!display.readAndDispatch()) {
        display.sleep();
      }
    }
  }
}
