package io.nexusid.graph;

/** An id as what tells entities apart: the entity type and the key that the id is made of. */
record TypedId(int type, long high, long low) {}
