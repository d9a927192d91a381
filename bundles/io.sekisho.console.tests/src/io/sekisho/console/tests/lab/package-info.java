/** The console against a real cluster of this machine. */
package io.sekisho.console.tests.lab;
