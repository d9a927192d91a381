/** Documents as objects of the API server: dry run, conflicts, diff. */
package io.sekisho.console.kubernetes.apply;
