/** The words of Nexus: tables, configuration, ids and errors. Depends on java.base alone. */
module io.nexusid.api {
    requires static transitive org.jspecify;

    exports io.nexusid.api;
}
