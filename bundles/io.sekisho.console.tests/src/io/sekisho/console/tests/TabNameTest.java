package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.policy.LongNames;
import io.sekisho.console.policy.TabName;
import java.util.List;
import org.eclipse.swt.graphics.GC;
import org.junit.jupiter.api.Test;

/** What tabs and rows of documents say where names are alike or long. */
class TabNameTest {
  private static final TabName MINE =
      new TabName("shop/cart", "NetworkPolicy", Target.AGENTS, "prod");

  private static TabName other(String kind, Target home, String cluster) {
    return new TabName("shop/cart", kind, home, cluster);
  }

  @Test
  void among_nobodyOfTheSameTitle_isTheTitle() {
    TabName far = new TabName("ops/cart", "NetworkPolicy", Target.KUBERNETES, "dr");
    assertEquals("shop/cart", MINE.among(List.of(MINE, far)));
  }

  @Test
  void among_sameTitle_saysWhatDiffers() {
    TabName kind = other("CiliumNetworkPolicy", Target.AGENTS, "prod");
    assertEquals("shop/cart (NetworkPolicy)", MINE.among(List.of(MINE, kind)));
    TabName home = other("NetworkPolicy", Target.KUBERNETES, "prod");
    assertEquals("shop/cart (agents)", MINE.among(List.of(MINE, home)));
    assertEquals("shop/cart (Kubernetes)", home.among(List.of(MINE, home)));
    TabName cluster = other("NetworkPolicy", Target.AGENTS, "dr");
    assertEquals("shop/cart (dr)", cluster.among(List.of(MINE, cluster)));
    assertEquals(
        "shop/cart (NetworkPolicy, agents, prod)", MINE.among(List.of(MINE, kind, home, cluster)));
    assertEquals("NetworkPolicy shop/cart, agents, prod", MINE.whole());
  }

  @Test
  void shortened_longName_losesItsMiddle() {
    String name = "shop/allow-payment-from-cart-and-checkout";
    Ui.run(
        () -> {
          GC gc = new GC(Ui.shell());
          int room = gc.textExtent(name).x;
          assertEquals(name, LongNames.shortened(gc, name, room));
          String cut = LongNames.shortened(gc, name, room / 2);
          assertEquals("shop/", cut.substring(0, 5));
          assertEquals("out", cut.substring(cut.length() - 3));
          assertEquals(true, gc.textExtent(cut).x <= room / 2);
          assertEquals("…", LongNames.shortened(gc, name, 0));
          gc.dispose();
        });
  }
}
