/**
 * What the words mean: the tables in and out, the configuration, ids and errors.
 *
 * <p>Everything here is a value, an enum or a small pure function over java.base; nothing loops over rows.
 */
@NullMarked
package io.nexusid.api;

import org.jspecify.annotations.NullMarked;
