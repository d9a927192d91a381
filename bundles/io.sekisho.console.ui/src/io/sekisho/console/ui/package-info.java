/** What all views share: colours, text, tables, filter bar, time control, jobs, errors. */
package io.sekisho.console.ui;
