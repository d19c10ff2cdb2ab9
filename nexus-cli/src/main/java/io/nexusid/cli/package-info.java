@NullMarked
package io.nexusid.cli;

import org.jspecify.annotations.NullMarked;
