@NullMarked
package io.nexusid.arrow;

import org.jspecify.annotations.NullMarked;
