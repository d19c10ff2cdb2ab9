package io.nexusid.api;

/**
 * One column of an input table.
 *
 * @param name the exact, case-sensitive name
 * @param type the type values are widened to
 * @param presence what is asked of the column and its cells
 */
public record InputColumn(String name, ColumnType type, Presence presence) {}
