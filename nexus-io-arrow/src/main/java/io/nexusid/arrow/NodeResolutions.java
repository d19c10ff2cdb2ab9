package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;

/** How each identifier came to its entity: what a resolved identifier says beside its entity. Nodes are those of the run. */
interface NodeResolutions {
    /** What {@link #event} is a code of. */
    KeyDictionary events();

    /** The event that the identifier was first seen in, or -1. */
    int event(int node);

    /** Why its row is as it is: {@link io.nexusid.api.ChangeReason#code}. */
    byte[] reason(int node);

    /** Appends the id of the entity it was taken from, or null. */
    void appendPrevious(int node, OutputColumn.Scratch out);

    /**
     * The latest load time of the rows that were looked at when this was last decided.
     *
     * @param kind the node's, which who asks has at hand
     */
    long watermark(int node, int kind);

    /** Everything was resolved at once. */
    static NodeResolutions atOnce(Identity identity, IdentifierEvents seen) {
        IdentifierRows rows = identity.rows();
        int[] events = identity.eventOfNode();
        byte[] reason = Bytes.of("full_resolution");
        return new NodeResolutions() {
            @Override
            public KeyDictionary events() {
                return seen.eventIds();
            }

            @Override
            public int event(int node) {
                return events[node];
            }

            @Override
            public byte[] reason(int node) {
                return reason;
            }

            @Override
            public void appendPrevious(int node, OutputColumn.Scratch out) {
                out.appendNullId();
            }

            @Override
            public long watermark(int node, int kind) {
                return seen.latestIngestion(rows.kinds().entityType(kind));
            }
        };
    }
}
