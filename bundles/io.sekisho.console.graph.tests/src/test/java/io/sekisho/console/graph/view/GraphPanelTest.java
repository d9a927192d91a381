package io.sekisho.console.graph.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.figures.Camera;
import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.fixtures.Window;
import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Route;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.ServiceGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.RGB;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The panel in a real window, driven as a user would; pictures are kept in target/shots. */
@EnabledIfEnvironmentVariable(named = "DISPLAY", matches = ".+", disabledReason = "no X display")
class GraphPanelTest {
  private static final Path SHOTS = Path.of(System.getProperty("shots", "target/shots"));
  private static final String SCAN = "/203.0.113.40/32 > shop/payment";
  private Window window;

  private GraphViewer open(Theme theme) {
    window = new Window(theme, 950, 540);
    return window.panel().viewer();
  }

  @AfterEach
  void close() {
    if (window != null) {
      assertEquals(List.of(), window.failures());
      window.close();
    }
  }

  private ImageData picture(String name) throws IOException {
    Files.createDirectories(SHOTS);
    return window.picture(SHOTS.resolve(name + ".png"));
  }

  /** Share of pixels of about a colour, per mille. */
  private static double perMille(ImageData data, Color colour) {
    RGB wanted = colour.getRGB();
    int hits = 0;
    for (int y = 0; y < data.height; y++) {
      for (int x = 0; x < data.width; x++) {
        RGB rgb = data.palette.getRGB(data.getPixel(x, y));
        int off =
            Math.abs(rgb.red - wanted.red)
                + Math.abs(rgb.green - wanted.green)
                + Math.abs(rgb.blue - wanted.blue);
        hits += off < 24 ? 1 : 0;
      }
    }
    return hits * 1000.0 / (data.width * data.height);
  }

  /** A point of the window in the middle of an edge. */
  private int[] onEdge(GraphViewer v, String id) {
    Route r = v.scene().orElseThrow().placement().routes().get(id);
    Route.At at = r.at(r.length() / 2);
    return onScreen(v, at.x(), at.y());
  }

  private int[] onScreen(GraphViewer v, double x, double y) {
    Camera c = v.stage().camera();
    return new int[] {
      (int) Math.round(x * c.zoom() + c.x()), (int) Math.round(y * c.zoom() + c.y())
    };
  }

  private int[] onNode(GraphViewer v, String id) {
    Box b = v.scene().orElseThrow().placement().nodes().get(id);
    return onScreen(v, b.centreX(), b.centreY());
  }

  private void click(int[] at, int mask) {
    window.send(SWT.MouseDown, at[0], at[1], 1, mask);
    window.send(SWT.MouseUp, at[0], at[1], 1, mask);
  }

  @Test
  void show_light_allVerdictsHaveTheirColours() throws IOException {
    open(Theme.LIGHT);
    window.show(Clusters.shop());
    ImageData data = picture("light");
    assertTrue(perMille(data, Theme.LIGHT.forwarded()) > 4, "forwarded");
    assertTrue(perMille(data, Theme.LIGHT.dropped()) > 0.4, "dropped");
    assertTrue(perMille(data, Theme.LIGHT.error()) > 0.04, "not ready");
    assertTrue(perMille(data, Theme.LIGHT.ground()) > 500, "ground");
  }

  @Test
  void show_dark_groundIsDark() throws IOException {
    open(Theme.DARK);
    window.show(Clusters.shop());
    ImageData data = picture("dark");
    assertTrue(perMille(data, Theme.DARK.ground()) > 500, "ground");
    assertTrue(perMille(data, Theme.DARK.forwarded()) > 4, "forwarded");
    assertTrue(perMille(data, Theme.LIGHT.ground()) < 5, "no white");
  }

  @Test
  void click_edge_selectsTheConnectionAndFadesTheRest() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    ImageData before = picture("unselected");
    click(onEdge(v, SCAN), 0);
    assertEquals(
        List.of(new Selected.Connection("/203.0.113.40/32", "shop/payment")), window.selected());
    ImageData after = picture("selected");
    double full = perMille(before, Theme.LIGHT.forwarded());
    double faded = perMille(after, Theme.LIGHT.forwarded());
    assertTrue(faded < full / 2, "faded " + faded + " of " + full);
    window.key(SWT.ESC, (char) SWT.ESC);
    assertEquals(Set.of(), v.seen().selected());
  }

  @Test
  void show_manyWorkloads_foldsAndSaysSo() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    Scene s = window.show(Clusters.synthetic(200, 420, 25, 5));
    picture("folded");
    assertTrue(s.model().hidden().nodes() > 0);
    assertTrue(v.stage().camera().zoom() >= 0.55, "zoom " + v.stage().camera().zoom());
    assertTrue(s.model().nodes().stream().anyMatch(n -> n.id().startsWith("more:")));
  }

  @Test
  void doubleClick_more_opensInPlace() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    Scene s = window.show(Clusters.synthetic(200, 420, 25, 5));
    String more =
        s.model().nodes().stream()
            .map(n -> n.id())
            .filter(id -> id.startsWith("more:team-d"))
            .findFirst()
            .orElseThrow();
    int[] at = onNode(v, more);
    click(at, 0);
    window.send(SWT.MouseDoubleClick, at[0], at[1], 1, 0);
    window.await(() -> v.scene().orElseThrow().model().node(more).isEmpty());
    window.settle();
    picture("opened");
    long shown =
        v.scene().orElseThrow().model().nodes().stream()
            .filter(n -> n.group().equals("team-d"))
            .count();
    assertEquals(25, shown);
  }

  @Test
  void click_foldMark_foldsTheNamespaceAndBack() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    Box shop = v.scene().orElseThrow().placement().groups().get("shop");
    click(onScreen(v, shop.x() + 15, shop.y() + 18), 0);
    window.await(() -> v.scene().orElseThrow().model().node("ns:shop").isPresent());
    window.settle();
    picture("namespace-folded");
    int[] at = onNode(v, "ns:shop");
    window.send(SWT.MouseDoubleClick, at[0], at[1], 1, 0);
    window.await(() -> v.scene().orElseThrow().model().node("ns:shop").isEmpty());
    window.settle();
    assertEquals(13, v.scene().orElseThrow().model().nodes().size());
  }

  @Test
  void wheel_zoomsAtThePointer() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    int[] at = onNode(v, "shop/payment");
    Camera before = v.stage().camera();
    double worldX = before.worldX(at[0]);
    for (int i = 0; i < 5; i++) {
      window.send(SWT.MouseVerticalWheel, at[0], at[1], 1, 0);
    }
    Camera after = v.stage().camera();
    assertEquals(worldX, after.worldX(at[0]), 0.01);
    assertTrue(after.zoom() > before.zoom() * 2);
    picture("zoomed");
    assertNotEquals(Box.NOWHERE, v.stage().map());
    window.key('f', 'f');
    assertEquals(Box.NOWHERE, v.stage().map());
  }

  @Test
  void drag_node_pinsIt() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    Box before = v.scene().orElseThrow().placement().nodes().get("shop/cart");
    int[] at = onNode(v, "shop/cart");
    window.send(SWT.MouseDown, at[0], at[1], 1, 0);
    window.send(SWT.MouseMove, at[0] + 30, at[1] + 120, 0, SWT.BUTTON1);
    window.send(SWT.MouseUp, at[0] + 30, at[1] + 120, 1, SWT.BUTTON1);
    window.settle();
    Box after = v.scene().orElseThrow().placement().nodes().get("shop/cart");
    // it was let go on another box and stands beside it
    double moved = after.y() - before.y();
    assertTrue(moved > 100 / v.stage().camera().zoom(), "moved by " + moved);
    v.scene()
        .orElseThrow()
        .placement()
        .nodes()
        .forEach((id, b) -> assertTrue(id.equals("shop/cart") || !b.meets(after), id));
    assertTrue(window.pins().has("shop/cart"));
    picture("pinned");
    v.layOut();
    window.settle();
    assertTrue(window.pins().has("shop/cart"));
  }

  @Test
  void drag_ground_pansAndShiftDragSelects() {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    Camera before = v.stage().camera();
    window.send(SWT.MouseDown, 500, 20, 1, 0);
    window.send(SWT.MouseMove, 540, 30, 0, SWT.BUTTON1);
    window.send(SWT.MouseUp, 540, 30, 1, SWT.BUTTON1);
    assertEquals(before.x() + 40, v.stage().camera().x(), 0.01);
    v.fit();
    Box ops = v.scene().orElseThrow().placement().groups().get("ops");
    int[] a = onScreen(v, ops.x() - 4, ops.y() - 4);
    int[] b = onScreen(v, ops.right() + 4, ops.bottom() + 4);
    window.send(SWT.MouseDown, a[0], a[1], 1, SWT.MOD2);
    window.send(SWT.MouseMove, b[0], b[1], 0, SWT.MOD2);
    window.send(SWT.MouseUp, b[0], b[1], 1, SWT.MOD2);
    assertEquals(Set.of("ops/monitoring", "ops/backup", "ops/log-shipper"), v.seen().selected());
  }

  @Test
  void arrows_walkAlongEdges() {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    window.key(SWT.ARROW_RIGHT, '\0');
    assertEquals(Set.of("shop/catalog-v2 > shop/database"), v.seen().selected());
    window.key(SWT.ARROW_RIGHT, '\0');
    assertEquals(Set.of("shop/database"), v.seen().selected());
    window.key(SWT.ARROW_LEFT, '\0');
    assertFalse(v.seen().selected().isEmpty());
  }

  @Test
  void table_showsTheSameEdgesAndFollowsTheSelection() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    click(onEdge(v, SCAN), 0);
    window.panel().turn();
    window.idle();
    var table = window.panel().table().control();
    assertEquals(20, table.getItemCount());
    assertEquals("shop/payment", table.getItem(table.getSelectionIndex()).getText(1));
    assertEquals("✕ partly dropped", table.getItem(0).getText(3));
    assertEquals("28 %", table.getItem(0).getText(6));
    picture("table");
  }

  @Test
  void state_empty_saysWhatToDo() throws IOException {
    open(Theme.LIGHT);
    window.panel().traffic(ServiceGraph.EMPTY, new ViewState.Live());
    assertTrue(window.panel().sentence().startsWith("No connections in the last minute."));
    window.idle();
    assertTrue(perMille(picture("empty"), Theme.LIGHT.ground()) > 950);
  }

  @Test
  void traffic_old_pictureStaysAndTurnsGrey() throws IOException {
    open(Theme.LIGHT);
    window.show(Clusters.shop());
    double before = perMille(picture("connected"), Theme.LIGHT.forwarded());
    window
        .panel()
        .traffic(
            Clusters.shop(), new ViewState.Old("n1 does not answer. Retrying in 4 s; last known."));
    window.settle();
    ImageData data = picture("disconnected");
    assertTrue(perMille(data, Theme.LIGHT.unknown()) > before / 2, "grey");
    assertTrue(perMille(data, Theme.LIGHT.forwarded()) < before / 10, "no more green");
  }

  @Test
  void show_oneWorkloadMore_cameraAndOldBoxesStay() throws IOException {
    GraphViewer v = open(Theme.LIGHT);
    Scene before = window.show(Clusters.shop());
    Camera camera = v.stage().camera();
    Scene after = window.show(Clusters.shopWithSearch());
    picture("grown");
    before
        .placement()
        .nodes()
        .forEach((id, b) -> assertEquals(b, after.placement().nodes().get(id)));
    if (after.placement().extent().equals(before.placement().extent())) {
      assertEquals(camera, v.stage().camera());
    }
  }

  @Test
  void input_fasterThanLayouts_isShownAllTheSame() {
    GraphViewer v = open(Theme.LIGHT);
    long seed = 1;
    for (int i = 0; i < 400 && v.scene().filter(s -> s.model().nodes().size() > 1).isEmpty(); i++) {
      window.panel().traffic(Clusters.synthetic(150, 400, 25, seed), new ViewState.Live());
      window.idle();
    }
    window.await(() -> v.scene().filter(s -> s.model().nodes().size() > 1).isPresent());
  }

  @Test
  void resize_muchLarger_showsMore() {
    GraphViewer v = open(Theme.LIGHT);
    Scene small = window.show(Clusters.synthetic(200, 420, 25, 5));
    window.resize(1420, 880);
    window.await(
        () -> v.scene().orElseThrow().model().nodes().size() > small.model().nodes().size() + 5);
  }

  @Test
  void hover_edge_saysAllNumbers() {
    GraphViewer v = open(Theme.LIGHT);
    window.show(Clusters.shop());
    int[] at = onEdge(v, SCAN);
    window.send(SWT.MouseMove, at[0], at[1], 0, 0);
    String tip = v.canvas().getToolTipText();
    assertTrue(tip.contains("203.0.113.40/32 → shop/payment"), tip);
    assertTrue(tip.contains("TCP 8443  1.6/s dropped"), tip);
  }
}
