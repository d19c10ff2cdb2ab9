/** Who is who: the identifier dictionary, components, entity ids, and what follows from the partition alone. */
module io.nexusid.graph {
    requires transitive io.nexusid.api;
    requires transitive it.unimi.dsi.fastutil.core;
    requires static transitive org.jspecify;

    exports io.nexusid.graph;
}
