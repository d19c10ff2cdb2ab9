@NullMarked
package io.nexusid.graph;

import org.jspecify.annotations.NullMarked;
