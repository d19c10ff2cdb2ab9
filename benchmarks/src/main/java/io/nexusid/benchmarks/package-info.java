@NullMarked
package io.nexusid.benchmarks;

import org.jspecify.annotations.NullMarked;
