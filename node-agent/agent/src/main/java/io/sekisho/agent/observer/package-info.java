/** From datapath events to flows: names, rules, a bounded ring, live followers. */
@NullMarked
package io.sekisho.agent.observer;

import org.jspecify.annotations.NullMarked;
