/** rtnetlink: links, addresses, routes, rules, neighbours, queueing disciplines, namespaces. */
@NullMarked
package io.sekisho.netlink;

import org.jspecify.annotations.NullMarked;
