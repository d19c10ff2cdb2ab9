package io.nexusid.graph;

import java.util.Arrays;

/**
 * In which epoch each entity was born. Entities are numbered by birth, so those of an epoch follow one another: one entry
 * per epoch that bore any, 8 to 12 bytes. One thread adds while others read what {@link #share} gave them: entries below
 * the size of that moment never change.
 */
final class BirthEpochs {
    private int[] firstEntity;
    private int[] epoch;
    private int size;

    BirthEpochs() {
        this(new int[4], new int[4], 0);
    }

    private BirthEpochs(int[] firstEntity, int[] epoch, int size) {
        this.firstEntity = firstEntity;
        this.epoch = epoch;
        this.size = size;
    }

    /** Tells that an entity, the next by number, was born in this epoch. */
    void add(int entity, int bornIn) {
        if (size > 0 && epoch[size - 1] == bornIn) {
            return;
        }
        if (size == epoch.length) {
            int larger = size + (size >> 1);
            firstEntity = Arrays.copyOf(firstEntity, larger);
            epoch = Arrays.copyOf(epoch, larger);
        }
        firstEntity[size] = entity;
        epoch[size++] = bornIn;
    }

    /** The epoch of an entity that was added. Cost: a binary search over epochs. */
    int epochOf(int entity) {
        int at = Arrays.binarySearch(firstEntity, 0, size, entity);
        return epoch[at >= 0 ? at : -at - 2];
    }

    /** Forgets the entities from this one on, which nobody may have been given. */
    void truncate(int entities) {
        while (size > 0 && firstEntity[size - 1] >= entities) {
            size--;
        }
    }

    /** The epochs as they stand, for reading only. */
    BirthEpochs share() {
        return new BirthEpochs(firstEntity, epoch, size);
    }

    long retainedBytes() {
        return 8L * epoch.length;
    }
}
