/**
 * The durable layer of a store: a folder of immutable segments, named by the manifest of an epoch, named by the file
 * {@code CURRENT}. It knows blocks of numbers and bytes, not identity. {@link io.nexusid.arrow.store.StoreFiles} is the
 * way in, {@link io.nexusid.arrow.store.Disk} the way out; {@code docs/store-format.md} has every byte. Not part of the
 * public API: {@code io.nexusid.arrow} is.
 */
@NullMarked
package io.nexusid.arrow.store;

import org.jspecify.annotations.NullMarked;
