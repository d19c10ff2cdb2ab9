@NullMarked
package io.nexusid.states;

import org.jspecify.annotations.NullMarked;
