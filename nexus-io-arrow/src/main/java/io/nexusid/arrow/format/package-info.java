/**
 * File formats in and out: Parquet, Arrow IPC and CSV behind {@link io.nexusid.arrow.format.RowSource} and
 * {@link io.nexusid.arrow.format.TableWriter}. Not part of the public API: {@code io.nexusid.arrow} is.
 */
@NullMarked
package io.nexusid.arrow.format;

import org.jspecify.annotations.NullMarked;
