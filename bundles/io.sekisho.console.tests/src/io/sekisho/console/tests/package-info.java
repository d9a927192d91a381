/** Console tests, driven as a user would. */
package io.sekisho.console.tests;
