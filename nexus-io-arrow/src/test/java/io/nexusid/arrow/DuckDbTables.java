package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.EntityType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Presence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The derived tables said in SQL: recursive reachability for who is who, window functions for the rest, {@code md5} for
 * ids. Shares nothing with the resolver but the input files. Every table is a table of this database under its own name.
 */
final class DuckDbTables implements AutoCloseable {
    private final Connection connection;
    private final NexusConfig config;
    private final boolean preset;

    /** Computes all tables from the Parquet files of a folder. */
    DuckDbTables(NexusConfig config, Path in) throws SQLException {
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        this.config = config;
        this.preset = config.compat().keepsBlankIdentifiers();
        execute("SET TimeZone = 'UTC'");
        execute("CREATE MACRO nz(x) AS coalesce(x, '_dbt_utils_surrogate_key_null_')");
        execute("CREATE MACRO wide_name(x) AS replace(lower(x), ' ', '_')");
        execute("CREATE TABLE types AS " + types());
        for (InputTable table : InputTable.values()) {
            read(table, in.resolve(table.tableName() + ".parquet"));
        }
        resolve();
        lookUp();
        traits();
        participants();
        relationships();
        states();
        timelines();
        wideMeasurements();
        wideDimensions();
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query. */
    List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private String types() {
        return config.entityTypes().stream()
                .map(type -> "SELECT '" + type.name() + "' et, '" + prefix(type) + "' prefix, '" + rowPrefix(type)
                        + "' row_prefix")
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String prefix(EntityType type) {
        return switch (type.name()) {
            case "person" -> "per";
            case "group" -> "grp";
            default -> type.name().substring(0, 3);
        };
    }

    private static String rowPrefix(EntityType type) {
        return type.equals(EntityType.PERSON) || type.equals(EntityType.GROUP) ? prefix(type) + "_idfr" : prefix(type);
    }

    /** The file with every declared column, null where it has none. */
    private void read(InputTable table, Path file) throws SQLException {
        String declared = table.columns().stream()
                .map(column -> "NULL::" + sqlType(column) + " AS \"" + column.name() + "\"")
                .collect(Collectors.joining(", "));
        String names = table.columns().stream().map(c -> "\"" + c.name() + "\"").collect(Collectors.joining(", "));
        String sql = "SELECT " + declared + " WHERE false";
        if (Files.exists(file)) {
            sql = sql + " UNION ALL BY NAME SELECT * FROM read_parquet('" + file + "')";
        }
        execute("CREATE TABLE in_" + table.tableName() + " AS SELECT "
                + table.columns().stream().map(DuckDbTables::utc).collect(Collectors.joining(", ")) + " FROM (SELECT "
                + names + " FROM (" + sql + ")" + accepted(table) + ")");
    }

    /** The preset keeps rows without identifier. */
    private String accepted(InputTable table) {
        return table.columns().stream()
                .filter(column -> column.presence() == Presence.IDENTIFIER && !preset)
                .map(column -> column.name() + " <> ''")
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(" AND "), all -> all.isEmpty() ? "" : " WHERE " + all));
    }

    private static String sqlType(InputColumn column) {
        return switch (column.type()) {
            case STRING -> "VARCHAR";
            case DOUBLE -> "DOUBLE";
            case INTEGER -> "BIGINT";
            case BOOLEAN -> "BOOLEAN";
            case TIMESTAMP -> "TIMESTAMPTZ";
            case DECIMAL, DIGEST -> throw new AssertionError("no input table declares " + column.type());
        };
    }

    private static String utc(InputColumn column) {
        String name = "\"" + column.name() + "\"";
        return column.type() == ColumnType.TIMESTAMP ? name + "::TIMESTAMP AS " + name : name;
    }

    private void resolve() throws SQLException {
        execute("""
                CREATE TABLE nodes AS
                SELECT row_number() OVER (ORDER BY et, t, v) AS n, *
                FROM (SELECT DISTINCT entity_type et, identifier_type t, identifier_value v
                      FROM in_entity_identifiers JOIN types ON entity_type = et
                      WHERE identifier_type IS NOT NULL AND identifier_value IS NOT NULL)
                """);
        execute("""
                CREATE TABLE pairs AS
                WITH seen AS (SELECT DISTINCT n, edge_id, et FROM in_entity_identifiers JOIN nodes
                              ON entity_type = et AND identifier_type = t AND identifier_value = v
                              WHERE edge_id IS NOT NULL AND (%s OR edge_id <> ''))
                SELECT DISTINCT a.n a, b.n b FROM seen a JOIN seen b ON a.edge_id = b.edge_id AND a.et = b.et
                """.formatted(preset));
        execute("""
                CREATE TABLE components AS
                WITH RECURSIVE reach(a, b) AS (
                  SELECT n, n FROM nodes
                  UNION
                  SELECT reach.a, pairs.b FROM reach JOIN pairs ON reach.b = pairs.a)
                SELECT a n, min(b) rep FROM reach GROUP BY a
                """);
        execute("""
                CREATE TABLE entity_ids AS
                WITH named AS (
                  SELECT n rep, et, t, v, prefix || '_' || md5(t || '-' || v) id
                  FROM nodes JOIN types USING (et) WHERE n IN (SELECT rep FROM components)),
                ranked AS (SELECT *, row_number() OVER (PARTITION BY id ORDER BY t, v) nr FROM named)
                SELECT rep, CASE WHEN nr = 1 OR %s THEN id ELSE prefix || '_' || md5(t || '-' || v || '-#' || nr) END id
                FROM ranked JOIN types USING (et)
                """.formatted(preset));
        execute("""
                CREATE TABLE resolved AS
                SELECT et, t, v, id FROM nodes JOIN components USING (n) JOIN entity_ids USING (rep)
                """);
        for (EntityType type : config.entityTypes()) {
            execute("""
                    CREATE TABLE nexus_resolved_$_identifiers AS
                    WITH kept AS (
                      SELECT identifier_type t, identifier_value v, event_id, row_number() OVER (
                        PARTITION BY identifier_type, identifier_value
                        ORDER BY CASE WHEN edge_id = '' AND NOT # THEN NULL ELSE edge_id END NULLS LAST,
                                 event_id NULLS LAST) nr
                      FROM in_entity_identifiers WHERE entity_type = '$')
                    SELECT row_prefix || '_' || md5(id || '-' || t || '-' || v) AS $_identifier_id, id AS $_id, event_id,
                           t AS identifier_type, v AS identifier_value, false AS realtime_processed,
                           true AS existing_$, 'full_resolution' AS resolution_reason,
                           NULL::VARCHAR AS previous_entity_id,
                           (SELECT max(coalesce(_ingested_at, occurred_at)) FROM in_entity_identifiers
                            WHERE entity_type = '$') AS resolved_at_watermark
                    FROM resolved JOIN kept USING (t, v) JOIN types USING (et) WHERE et = '$' AND nr = 1
                    """.replace("$", type.name()).replace("#", String.valueOf(preset)));
        }
    }

    /** Half an identifier is none, also where the preset keeps the row. */
    private void lookUp() throws SQLException {
        execute("""
                CREATE TABLE registered AS
                SELECT DISTINCT entity_type et, source_id, 'ent_' || md5(source_id || '-' || source) id
                FROM in_entity_registrations WHERE source_id IS NOT NULL
                """);
        execute("""
                CREATE TABLE nexus_entity_identifiers_to_entity_id AS
                SELECT id AS identifier_id, t AS identifier_type, v AS identifier_value, id AS entity_id,
                       et AS entity_type FROM resolved
                UNION SELECT id, et || '_id', source_id, id, et FROM registered
                UNION SELECT id, identifier_type, identifier_value, id, et FROM registered
                      JOIN in_entity_identifiers ON entity_type = et AND identifier_value = source_id
                      WHERE identifier_type IS NOT NULL
                """);
    }

    private void traits() throws SQLException {
        execute("""
                CREATE TABLE nexus_resolved_entity_traits AS
                WITH given AS (
                  SELECT *, coalesce(entity_trait_id, 'ent_tr_' || md5(nz(event_id) || '-' || identifier_value || '-'
                    || entity_type || '-' || trait_name || '-' || identifier_type)) row_id FROM in_entity_traits),
                ranked AS (
                  SELECT id, given.*, row_number() OVER (PARTITION BY et, id, trait_name
                    ORDER BY occurred_at DESC NULLS LAST,
                             CASE WHEN %s THEN NULL ELSE _ingested_at END DESC NULLS LAST,
                             row_id, trait_value NULLS LAST) nr
                  FROM given JOIN resolved ON entity_type = et AND identifier_type = t AND identifier_value = v)
                SELECT 'ent_tr_' || md5(id || '-' || trait_name || '-' || nz(trait_value)) AS entity_trait_id,
                       id AS entity_id, entity_type, trait_name, trait_value, occurred_at, false AS realtime_processed
                FROM ranked WHERE nr = 1
                """.formatted(preset));
    }

    private void participants() throws SQLException {
        execute("""
                CREATE TABLE nexus_entity_participants AS
                WITH met AS (
                  SELECT entity_type, event_id, id, role, occurred_at FROM in_entity_identifiers JOIN resolved
                    ON entity_type = et AND identifier_type = t AND identifier_value = v
                  UNION ALL
                  SELECT entity_type, event_id, id, role, occurred_at FROM in_entity_identifiers JOIN registered
                    ON entity_type = et AND identifier_value = source_id WHERE identifier_type IS NOT NULL)
                SELECT 'ent_' || md5(nz(event_id) || '-' || id || '-' || nz(role)) AS entity_participant_id,
                       entity_type, event_id, id AS entity_id, role, min(occurred_at) AS occurred_at
                FROM met GROUP BY entity_type, event_id, id, role %s
                """.formatted(preset ? ", occurred_at" : ""));
    }

    private void relationships() throws SQLException {
        execute("""
                CREATE TABLE nexus_resolved_relationship_declarations AS
                SELECT coalesce(relationship_declaration_id, 'rel_decl_' || md5(nz(event_id) || '-'
                         || entity_a_identifier || '-' || entity_b_identifier || '-' || relationship_type || '-'
                         || nz(entity_a_role) || '-' || nz(occurred_at::VARCHAR))) AS relationship_declaration_id,
                       event_id, occurred_at, a.entity_id AS entity_a_id, entity_a_type, entity_a_role,
                       b.entity_id AS entity_b_id, entity_b_type, entity_b_role, relationship_type,
                       relationship_direction, is_active, source
                FROM in_relationship_declarations
                JOIN nexus_entity_identifiers_to_entity_id a ON entity_a_type = a.entity_type
                  AND entity_a_identifier_type = a.identifier_type AND entity_a_identifier = a.identifier_value
                JOIN nexus_entity_identifiers_to_entity_id b ON entity_b_type = b.entity_type
                  AND entity_b_identifier_type = b.identifier_type AND entity_b_identifier = b.identifier_value
                """);
        execute("""
                CREATE TABLE nexus_relationships AS
                WITH ranked AS (
                  SELECT *, min(occurred_at) OVER pair AS _created_at, max(occurred_at) OVER pair AS _updated_at,
                    row_number() OVER (PARTITION BY entity_a_type, entity_a_id, entity_b_type, entity_b_id,
                                                    relationship_type
                      ORDER BY occurred_at DESC NULLS LAST, relationship_declaration_id, event_id NULLS LAST,
                        entity_a_role NULLS LAST, entity_b_role NULLS LAST, relationship_direction NULLS LAST,
                        is_active NULLS LAST, source NULLS LAST) nr
                  FROM nexus_resolved_relationship_declarations
                  WINDOW pair AS (PARTITION BY entity_a_type, entity_a_id, entity_b_type, entity_b_id,
                                               relationship_type))
                SELECT 'rel_' || md5(entity_a_id || '-' || entity_b_id || '-' || relationship_type) AS relationship_id,
                       entity_a_id, entity_a_type, entity_a_role, entity_b_id, entity_b_type, entity_b_role,
                       relationship_type, relationship_direction, is_active, occurred_at AS established_at,
                       occurred_at AS last_updated_at, source AS primary_source,
                       TIMESTAMP '%s' AS _processed_at, _updated_at, _created_at
                FROM ranked WHERE nr = 1
                """.formatted(config.clock().orElseThrow().toString().replace("Z", "")));
    }

    private void states() throws SQLException {
        execute("""
                CREATE TABLE stays AS
                WITH owned AS (
                  SELECT entity_id, c.*, coalesce(state_category, CASE WHEN state_value IS NULL
                    AND state_numeric_value IS NOT NULL THEN 'measurement' ELSE 'dimension' END) category
                  FROM in_state_changes c JOIN nexus_entity_identifiers_to_entity_id
                    USING (entity_type, identifier_type, identifier_value)),
                ranked AS (
                  SELECT *, row_number() OVER (PARTITION BY entity_type, entity_id, state_name, occurred_at
                    ORDER BY event_id NULLS LAST, state_value NULLS LAST, state_numeric_value NULLS LAST, category) nr
                  FROM owned),
                beside AS (
                  SELECT *, lag(state_value) OVER s AS v0, lag(state_numeric_value) OVER s AS n0,
                         lag(category) OVER s AS c0
                  FROM ranked WHERE nr = 1
                  WINDOW s AS (PARTITION BY entity_type, entity_id, state_name ORDER BY occurred_at)),
                kept AS (
                  SELECT *, lead(occurred_at) OVER (PARTITION BY entity_type, entity_id, state_name
                    ORDER BY occurred_at) AS until
                  FROM beside WHERE (state_value IS NULL AND state_numeric_value IS NULL)
                    OR state_value IS DISTINCT FROM v0 OR state_numeric_value IS DISTINCT FROM n0
                    OR category IS DISTINCT FROM c0)
                SELECT entity_id, entity_type, state_name, state_value, state_numeric_value, category AS state_category,
                       occurred_at AS state_entered_at, until AS state_exited_at, until IS NULL AS is_current,
                       event_id AS trigger_event_id
                FROM kept WHERE state_value IS NOT NULL OR state_numeric_value IS NOT NULL
                """);
        execute("""
                CREATE TABLE nexus_states AS
                WITH all_stays AS (
                  SELECT entity_id, entity_type, state_name, state_value, state_numeric_value, state_category,
                         state_entered_at, state_exited_at, coalesce(is_current, state_exited_at IS NULL) AS is_current,
                         trigger_event_id FROM in_states
                  UNION ALL BY NAME SELECT * FROM stays)
                SELECT 'st_' || md5(entity_id || '-' || state_name || '-' || nz(state_entered_at::VARCHAR) || '-'
                         || nz(trigger_event_id)) AS state_id, * FROM all_stays
                """);
    }

    private void timelines() throws SQLException {
        List<String> measurements = column("SELECT DISTINCT wide_name(state_name) FROM nexus_states"
                + " WHERE state_category = 'measurement' ORDER BY 1");
        List<String> dimensions = column("SELECT DISTINCT wide_name(state_name) FROM nexus_states"
                + " WHERE coalesce(state_category, 'dimension') = 'dimension' ORDER BY 1");
        dimensions.removeAll(measurements);
        String cells = pick(dimensions, "state_value") + pick(measurements, "state_numeric_value");
        execute("""
                CREATE TABLE moments AS
                WITH s AS (SELECT *, wide_name(state_name) AS col FROM nexus_states WHERE state_entered_at IS NOT NULL),
                instants AS (
                  SELECT entity_type, entity_id, state_entered_at AS since FROM s
                  UNION SELECT entity_type, entity_id, state_exited_at FROM s WHERE state_exited_at IS NOT NULL),
                held AS (
                  SELECT i.since, s.*, row_number() OVER (PARTITION BY s.entity_type, s.entity_id, i.since, col
                    ORDER BY state_entered_at DESC, trigger_event_id NULLS LAST, state_value NULLS LAST,
                             state_numeric_value NULLS LAST) nr
                  FROM instants i JOIN s ON s.entity_type = i.entity_type AND s.entity_id = i.entity_id
                    AND s.state_entered_at <= i.since AND (s.state_exited_at IS NULL OR s.state_exited_at > i.since)
                    AND (s.state_value IS NOT NULL OR s.state_numeric_value IS NOT NULL)),
                wide AS (SELECT entity_type, entity_id, since, true AS here%s FROM held WHERE nr = 1 GROUP BY ALL)
                SELECT * REPLACE (coalesce(here, false) AS here) FROM instants LEFT JOIN wide
                  USING (entity_type, entity_id, since)
                """.formatted(cells));
        String measured = measurements.isEmpty()
                ? "false"
                : measurements.stream()
                        .map(m -> "lag(\"" + m + "\") OVER e IS NOT NULL")
                        .collect(Collectors.joining(" OR ", "(", ")"));
        execute("""
                CREATE TABLE timeline AS
                WITH beside AS (
                  SELECT *, lead(since) OVER e AS next, coalesce(lag(here) OVER e, false) AND %s AS lost
                  FROM moments WINDOW e AS (PARTITION BY entity_type, entity_id ORDER BY since)),
                shown AS (SELECT * FROM beside WHERE here OR (lost AND NOT %s))
                SELECT *, lead(since) OVER r AS next_row, lag(since) OVER r AS row_before%s FROM shown
                WINDOW r AS (PARTITION BY entity_type, entity_id ORDER BY since)
                """.formatted(measured, preset, deltas(measurements)));
        execute("CREATE TABLE nexus_entity_states AS SELECT 'es_' || md5(entity_id || '-' || since::VARCHAR)"
                + " AS entity_state_id, entity_id, entity_type"
                + dimensions.stream().map(d -> ", \"" + d + "\"").collect(Collectors.joining())
                + measurements.stream()
                        .map(m -> ", \"" + m + "\", \"" + m + "_delta\"")
                        .collect(Collectors.joining())
                + ", since AS valid_from, " + (preset ? "next_row" : "CASE WHEN here THEN next ELSE next_row END")
                + " AS valid_to, " + (preset ? "next_row IS NULL" : "here AND next IS NULL") + " AS is_current,"
                + " 'es_' || md5(entity_id || '-' || row_before::VARCHAR) AS previous_entity_state_id FROM timeline");
    }

    private static String pick(List<String> columns, String value) {
        return columns.stream()
                .map(c -> ", max(CASE WHEN col = '" + c + "' THEN " + value + " END) AS \"" + c + "\"")
                .collect(Collectors.joining());
    }

    private String deltas(List<String> measurements) {
        String delta = preset
                ? ", \"%1$s\" - coalesce(lag(\"%1$s\") OVER r, 0) AS \"%1$s_delta\""
                : ", CASE WHEN \"%1$s\" IS NOT NULL OR lag(\"%1$s\") OVER r IS NOT NULL THEN coalesce(\"%1$s\", 0)"
                        + " - coalesce(lag(\"%1$s\") OVER r, 0) END AS \"%1$s_delta\"";
        return measurements.stream().map(delta::formatted).collect(Collectors.joining());
    }

    private void wideMeasurements() throws SQLException {
        execute("""
                CREATE TABLE measured AS
                SELECT event_id, occurred_at, lower(source) AS source, wide_name(measurement_name) AS col, value
                FROM in_event_measurements
                UNION ALL
                SELECT event_id, occurred_at, lower(source), 'value', value FROM in_events WHERE value IS NOT NULL
                """);
        StringBuilder cells = new StringBuilder();
        for (String column : column("SELECT DISTINCT col FROM measured ORDER BY col")) {
            cells.append(", max(CASE WHEN col = '%1$s' THEN value END) AS \"%1$s\"".formatted(column));
        }
        wide("nexus_event_measurements", cells, "measured");
    }

    private void wideDimensions() throws SQLException {
        execute("""
                CREATE TABLE labels AS
                SELECT event_id, occurred_at, lower(source) AS source, wide_name(dimension_name) AS col,
                       dimension_value AS value
                FROM in_event_dimensions
                """);
        StringBuilder cells = new StringBuilder();
        for (String column : column("SELECT DISTINCT col FROM labels ORDER BY col")) {
            String cell = column.startsWith("is_")
                    ? ", coalesce(bool_or(col = '%1$s' AND lower(value) IN ('true', 't', 'yes', 'y', '1')), false)"
                            + " AS \"%1$s\""
                    : ", max(CASE WHEN col = '%1$s' THEN value END) AS \"%1$s\"";
            cells.append(cell.formatted(column));
        }
        wide("nexus_event_dimensions", cells, "labels");
    }

    private void wide(String table, CharSequence cells, String from) throws SQLException {
        execute("CREATE TABLE " + table + " AS SELECT event_id, min(occurred_at) AS occurred_at, min(source) AS source"
                + cells + " FROM " + from + " GROUP BY "
                + (preset ? from + ".event_id, " + from + ".occurred_at, " + from + ".source" : "event_id"));
    }
}
