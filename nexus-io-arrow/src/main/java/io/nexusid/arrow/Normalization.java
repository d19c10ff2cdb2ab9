package io.nexusid.arrow;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ResolveOn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The reference's normalised form of an identifier: emails and domains in lower case, phones as digits, anything else
 * unchanged. Types match exactly.
 */
final class Normalization {
    private static final byte[] EMAIL = "email".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOMAIN = "domain".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PHONE = "phone".getBytes(StandardCharsets.US_ASCII);

    private final boolean onlyFirstPhoneSeparator;

    Normalization(Compat compat) {
        this.onlyFirstPhoneSeparator = compat.stripsOnlyFirstPhoneSeparator();
    }

    /** The UTF-8 bytes of the value by which an identifier, as a row names it, is known: a new array. */
    static byte[] known(NexusConfig config, String entityType, String identifierType, String value) {
        byte[] given = Bytes.of(value);
        boolean isResolved =
                config.entityType(entityType).filter(EntityType::resolved).isPresent();
        if (config.resolveOn() != ResolveOn.NORMALIZED || !isResolved) {
            return given;
        }
        byte[] type = Bytes.of(identifierType);
        TextAppender normalized = new TextAppender();
        normalized.begin(1);
        new Normalization(config.compat()).append(type, 0, type.length, given, 0, given.length, normalized);
        return Arrays.copyOf(normalized.room(0), normalized.position());
    }

    /** Appends the normalised value of one identifier. */
    void append(byte[] typeBytes, int typeFrom, int typeCount, byte[] value, int from, int count, TextAppender out) {
        if (is(EMAIL, typeBytes, typeFrom, typeCount) || is(DOMAIN, typeBytes, typeFrom, typeCount)) {
            TextCase.lower(value, from, count, out);
        } else if (is(PHONE, typeBytes, typeFrom, typeCount)) {
            TextCase.digits(value, from, count, onlyFirstPhoneSeparator, out);
        } else {
            out.append(value, from, count);
        }
    }

    private static boolean is(byte[] word, byte[] text, int from, int count) {
        return Arrays.equals(word, 0, word.length, text, from, from + count);
    }
}
