/**
 * Who is who, and what follows from it, over {@code int} codes.
 *
 * <p>The way through: identifiers become nodes ({@link io.nexusid.graph.KeyDictionary}), rows that share an edge become
 * {@link io.nexusid.graph.EdgeGroups}, these join nodes into {@link io.nexusid.graph.ConnectedComponents} (or
 * {@link io.nexusid.graph.HopLimitedLabels}), {@link io.nexusid.graph.EntityNamer} turns components into numbered
 * {@link io.nexusid.graph.Entities}, and the folds pick the rows that stand for them. Where
 * data keeps coming, {@link io.nexusid.graph.IdentityGraph} does the same batch by batch and tells what each one changed.
 * Nothing here knows Arrow, files or, per row, a string.
 *
 * <p>Conventions: a negative code is null; the instant {@link java.lang.Long#MIN_VALUE} is null; nulls sort last; every
 * answer is the same for any order of the input rows except where it names a row number.
 */
@NullMarked
package io.nexusid.graph;

import org.jspecify.annotations.NullMarked;
