/** Application, perspectives, product. */
package io.sekisho.console.app;
