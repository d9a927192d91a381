/** The flow table and the details of what is selected. */
package io.sekisho.console.flows;
