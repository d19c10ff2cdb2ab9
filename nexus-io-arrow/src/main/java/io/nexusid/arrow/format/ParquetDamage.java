package io.nexusid.arrow.format;

/** Bytes that break a rule of the Parquet format. Becomes a data error that names file and column further up. */
final class ParquetDamage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@code reason} is a clause for the user, without any value of the file. */
    ParquetDamage(String reason) {
        super(reason);
    }

    /** Fails with this reason unless the condition holds. */
    static void unless(boolean condition, String reason) {
        if (!condition) {
            throw new ParquetDamage(reason);
        }
    }
}
