package io.nexusid.arrow;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** ASCII words of table contents as bytes. */
final class Bytes {
    static final byte[] EVENT_PREFIX = of("evt_");
    static final byte[] RELATIONSHIP_PREFIX = of("rel_");
    static final byte[] MEMBERSHIP_PREFIX = of("mem_");
    static final byte[] PARTICIPANT_PREFIX = of("ent_");
    static final byte[] ENTITY_TRAIT_PREFIX = of("ent_tr_");
    static final byte[] STATE_PREFIX = of("st_");
    static final byte[] ENTITY_STATE_PREFIX = of("es_");

    /** Orders text by its UTF-8 bytes, which is code point order, unlike {@link String#compareTo}. */
    static final Comparator<String> ORDER = (a, b) -> Arrays.compareUnsigned(of(a), of(b));

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
