package io.nexusid.api;

/** Which form of an identifier's value decides who is who. */
public enum ResolveOn {
    /** The value exactly as it came. */
    RAW,
    /** Emails and domains in lower case, phones as digits; applied to traits and declarations as well. */
    NORMALIZED
}
