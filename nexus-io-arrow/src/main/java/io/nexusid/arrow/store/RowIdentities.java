package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.Arrays;

/**
 * Which rows a store has accepted, ever, whatever their table: the fingerprint of each row's identity ({@link
 * FingerprintHash}), in sorted runs on disk with about 10 bits a row in memory. Immutable, as one snapshot has it; the
 * snapshot must stay open.
 */
public final class RowIdentities {
    /** {@link Acceptance#standsFor} of a row that an earlier epoch accepted. */
    public static final int KNOWN = -1;

    private static final int[] NO_NODES = {};

    private final KeyRuns runs;

    private RowIdentities(KeyRuns runs) {
        this.runs = runs;
    }

    /** Opens the identities kept under this table's name; reads about 10 bits for each. */
    public static RowIdentities open(Snapshot snapshot, String table) throws IOException {
        return new RowIdentities(KeyRuns.open(snapshot, table, false));
    }

    /** The identities as a later snapshot has them; only new runs are read. */
    public RowIdentities at(Snapshot snapshot) throws IOException {
        return new RowIdentities(runs.at(snapshot));
    }

    /**
     * Which rows of a batch are new. Changes nothing.
     *
     * @param batch the identity of each row
     */
    public Acceptance accept(Fingerprints batch) throws IOException {
        int[] order = batch.order();
        int[] standsFor = new int[order.length];
        int[] firstRows = new int[order.length];
        Fingerprints distinct = new Fingerprints(order.length);
        for (int i = 0; i < order.length; i++) {
            int row = order[i];
            int last = distinct.size() - 1;
            boolean repeats = i > 0 && batch.high(row) == distinct.high(last) && batch.low(row) == distinct.low(last);
            if (!repeats) {
                firstRows[++last] = row;
                distinct.add(batch.high(row), batch.low(row));
            }
            standsFor[row] = firstRows[last];
        }
        int[] found = runs.find(distinct);
        boolean[] knownFirst = new boolean[order.length];
        for (int d = 0; d < found.length; d++) {
            knownFirst[firstRows[d]] = found[d] != KeyRuns.ABSENT;
        }
        distinct.retain(d -> found[d] == KeyRuns.ABSENT);
        int known = 0;
        for (int row = 0; row < standsFor.length; row++) {
            if (knownFirst[standsFor[row]]) {
                known++;
                standsFor[row] = KNOWN;
            }
        }
        return new Acceptance(standsFor, distinct, known);
    }

    /** Adds the rows that were accepted to an epoch, and merges runs that are due. */
    public void add(EpochWriter epoch, Acceptance acceptance) throws IOException {
        runs.add(epoch, acceptance.accepted, NO_NODES);
    }

    /** Makes all runs one. */
    public void compact(EpochWriter epoch) throws IOException {
        runs.compact(epoch);
    }

    /** Hears of each identity that was accepted, as its two halves, in no order. Reads all runs. */
    public void forEach(Consumer identity) throws IOException {
        runs.forEach(identity);
    }

    /** Takes an identity. */
    @FunctionalInterface
    public interface Consumer {
        /** Takes one. */
        void accept(long high, long low);
    }

    /** How many rows were accepted, ever. */
    public long rows() {
        return runs.keys();
    }

    /** The sorted runs they are in. */
    public int runs() {
        return runs.runs();
    }

    /** What is held in memory. */
    public long memoryBytes() {
        return runs.memoryBytes();
    }

    /** What became of the rows of a batch. */
    public static final class Acceptance {
        private final int[] standsFor;
        private final Fingerprints accepted;
        private final int known;

        private Acceptance(int[] standsFor, Fingerprints accepted, int known) {
            this.standsFor = standsFor;
            this.accepted = accepted;
            this.known = known;
        }

        /**
         * For each row: itself, if it is accepted; the accepted row of this batch, the first of its identity, that it
         * repeats; or {@link #KNOWN}.
         */
        public int[] standsFor() {
            return Arrays.copyOf(standsFor, standsFor.length);
        }

        /** Whether this row is accepted. */
        public boolean accepts(int row) {
            return standsFor[row] == row;
        }

        /** How many rows are accepted. */
        public int accepted() {
            return accepted.size();
        }

        /** How many rows an earlier epoch accepted. */
        public int known() {
            return known;
        }

        /** How many rows repeat an accepted one of the same batch. */
        public int repeated() {
            return standsFor.length - accepted.size() - known;
        }
    }
}
