/** What held when: stays and SCD2 timelines, over arrays of codes and instants. */
module io.nexusid.states {
    requires transitive io.nexusid.api;
    requires transitive it.unimi.dsi.fastutil.core;
    requires static transitive org.jspecify;

    exports io.nexusid.states;
}
