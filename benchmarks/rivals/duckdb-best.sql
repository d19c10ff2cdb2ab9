-- The rival of record: who is who, participants, golden traits and timelines, as the best exact SQL we could write.
--
-- Integers instead of text as soon as possible; one star per edge group instead of all pairs; components by contraction
-- (every node goes to its smallest neighbour, edges follow, until none is left); ids hashed once per entity; each table
-- copied straight from a SELECT over the Parquet files, with no load stage; sorted by the same keys as Nexus.
--
-- It is spared some of the work: it takes for granted that there is one entity type, that no identifier type has a
-- hyphen (so no two components mint one id), that every row has an edge, and which states there are. The lines --% are for RunDuckDb.

SET threads = 2;
SET memory_limit = '18GB';
SET temp_directory = '${out}/spill';
SET TimeZone = 'UTC';

-- Identifiers, numbered in the order of their (type, value): the smallest number of a component is its representative.
-- event_id is that of the row with the least edge_id: an edge group of this workload is one event.
CREATE TEMP TABLE node AS
SELECT (row_number() OVER (ORDER BY identifier_type, identifier_value))::INTEGER AS node, *
FROM (
  SELECT identifier_type, identifier_value,
         arg_min(event_id, edge_id) AS event_id
  FROM read_parquet('${in}/entity_identifiers.parquet')
  WHERE entity_type = 'person' AND identifier_type <> '' AND identifier_value <> ''
  GROUP BY ALL);

-- Each edge group as a star around its smallest node.
CREATE TEMP TABLE edge_0 AS
SELECT DISTINCT a, b
FROM (
  SELECT min(node) AS a, unnest(list(node)) AS b
  FROM read_parquet('${in}/entity_identifiers.parquet') JOIN node USING (identifier_type, identifier_value)
  WHERE entity_type = 'person' AND edge_id <> ''
  GROUP BY edge_id)
WHERE a <> b;

-- A round: every node points to its smallest neighbour, twice over; edges move along; what meets becomes one.
--% while edge_${i}
CREATE TEMP TABLE parent AS
SELECT v, min(w)::INTEGER AS p
FROM (SELECT a AS v, a AS w FROM edge_${i} UNION ALL SELECT b, a FROM edge_${i} UNION ALL SELECT a, b FROM edge_${i})
GROUP BY v;
CREATE TEMP TABLE label_${i} AS
SELECT x.v, z.p AS l FROM parent x JOIN parent y ON y.v = x.p JOIN parent z ON z.v = y.p;
DROP TABLE parent;
CREATE TEMP TABLE edge_${next} AS
SELECT DISTINCT least(x.l, y.l) AS a, greatest(x.l, y.l) AS b
FROM edge_${i} e JOIN label_${i} x ON x.v = e.a JOIN label_${i} y ON y.v = e.b
WHERE x.l <> y.l;
--% end

-- Backwards: what the nodes of a round came to in the rounds after it.
CREATE TEMP TABLE final_${rounds} (v INTEGER, l INTEGER);
--% back
CREATE TEMP TABLE final_${i} AS
SELECT x.v, coalesce(f.l, x.l) AS l FROM label_${i} x LEFT JOIN final_${next} f ON f.v = x.l;
--% end

-- Entities, numbered in the order of their ids, and who owns which identifier.
CREATE TEMP TABLE entity AS
SELECT (row_number() OVER (ORDER BY person_id))::INTEGER AS entity, l, person_id
FROM (
  SELECT node AS l, 'per_' || md5(identifier_type || '-' || identifier_value) AS person_id
  FROM node LEFT JOIN final_0 ON v = node
  WHERE coalesce(l, node) = node);
CREATE TEMP TABLE owner AS
SELECT n.node, n.identifier_type, n.identifier_value, n.event_id, e.entity
FROM node n LEFT JOIN final_0 f ON f.v = n.node JOIN entity e ON e.l = coalesce(f.l, n.node);
DROP TABLE node;

COPY (
  SELECT 'per_idfr_' || md5(person_id || '-' || identifier_type || '-' || identifier_value) AS person_identifier_id,
         person_id, event_id, identifier_type, identifier_value,
         false AS realtime_processed, true AS existing_person,
         'full_resolution' AS resolution_reason, NULL::VARCHAR AS previous_entity_id,
         (SELECT max(coalesce(_ingested_at, occurred_at)) FROM read_parquet('${in}/entity_identifiers.parquet')
          WHERE entity_type = 'person' AND identifier_type <> '' AND identifier_value <> '') AS resolved_at_watermark
  FROM (FROM owner JOIN entity USING (entity) ORDER BY entity, node)
) TO '${out}/nexus_resolved_person_identifiers.parquet' (FORMAT parquet, COMPRESSION snappy);

COPY (
  SELECT 'ent_' || md5(coalesce(event_id, '_dbt_utils_surrogate_key_null_') || '-' || person_id || '-'
                       || coalesce(role, '_dbt_utils_surrogate_key_null_')) AS entity_participant_id,
         'person' AS entity_type, event_id, person_id AS entity_id, role, occurred_at
  FROM (
    SELECT person_id, event_id, role, occurred_at
    FROM (
      SELECT entity, r.event_id, role, min(occurred_at) AS occurred_at
      FROM read_parquet('${in}/entity_identifiers.parquet') r JOIN owner o USING (identifier_type, identifier_value)
      WHERE r.entity_type = 'person'
      GROUP BY entity, r.event_id, role) JOIN entity USING (entity)
    ORDER BY entity, occurred_at, event_id, role)
) TO '${out}/nexus_entity_participants.parquet' (FORMAT parquet, COMPRESSION snappy);

-- The latest by (occurred_at, _ingested_at); only rows that tie in both need their minted id.
COPY (
  WITH latest AS MATERIALIZED (
    SELECT entity, trait_name, trait_value, occurred_at, r.event_id, identifier_type, identifier_value,
           count(*) OVER w AS peers
    FROM read_parquet('${in}/entity_traits.parquet') r JOIN owner o USING (identifier_type, identifier_value)
    WHERE r.entity_type = 'person'
    WINDOW w AS (PARTITION BY entity, trait_name ORDER BY occurred_at DESC NULLS LAST, _ingested_at DESC NULLS LAST)
    QUALIFY rank() OVER w = 1),
  winners AS (
    SELECT entity, trait_name, trait_value, occurred_at FROM latest WHERE peers = 1
    UNION ALL
    SELECT entity, trait_name, trait_value, occurred_at FROM latest WHERE peers > 1
    QUALIFY row_number() OVER (
      PARTITION BY entity, trait_name
      ORDER BY md5(coalesce(event_id, '_dbt_utils_surrogate_key_null_') || '-' || identifier_value || '-person-'
                   || trait_name || '-' || identifier_type),
               trait_value NULLS LAST) = 1)
  SELECT 'ent_tr_' || md5(person_id || '-' || trait_name || '-'
                          || coalesce(trait_value, '_dbt_utils_surrogate_key_null_')) AS entity_trait_id,
         person_id AS entity_id, 'person' AS entity_type, trait_name, trait_value, occurred_at,
         false AS realtime_processed
  FROM (FROM winners JOIN entity USING (entity) ORDER BY entity, trait_name)
) TO '${out}/nexus_resolved_entity_traits.parquet' (FORMAT parquet, COMPRESSION snappy);

-- One change per (entity, state, instant), and only those that change something. A value is kept behind a letter, so
-- that "no longer held" ('') and "held without a value" ('-') can be carried forward as text; a number that is no
-- longer held is NaN (which no input has). "held" counts the states that are held.
COPY (
  WITH changes AS (
    SELECT entity, state_name, occurred_at, state_value, state_numeric_value,
           CASE WHEN state_value IS NOT NULL OR state_numeric_value IS NOT NULL
                THEN coalesce(state_category, CASE WHEN state_value IS NULL THEN 'measurement' ELSE 'dimension' END)
                END AS category
    FROM read_parquet('${in}/state_changes.parquet') r JOIN owner o USING (identifier_type, identifier_value)
    WHERE r.entity_type = 'person'
    QUALIFY row_number() OVER (
      PARTITION BY entity, state_name, occurred_at
      ORDER BY r.event_id NULLS LAST, state_value NULLS LAST, state_numeric_value NULLS LAST,
               state_category NULLS LAST) = 1),
  effective AS (
    SELECT *, (category IS NOT NULL)::INTEGER - (before IS NOT NULL)::INTEGER AS gained
    FROM (
      SELECT *, lag(category) OVER w AS before, lag(state_value) OVER w AS value_before,
             lag(state_numeric_value) OVER w AS number_before
      FROM changes
      WINDOW w AS (PARTITION BY entity, state_name ORDER BY occurred_at))
    WHERE category IS DISTINCT FROM before OR state_value IS DISTINCT FROM value_before
       OR state_numeric_value IS DISTINCT FROM number_before),
  points AS (
    SELECT entity, occurred_at AS valid_from, sum(gained) AS gained,
           max(CASE WHEN category IS NULL THEN '' WHEN state_value IS NULL THEN '-' ELSE 'v' || state_value END)
             FILTER (state_name = 'lifecycle') AS lifecycle,
           max(CASE WHEN category IS NULL THEN '' WHEN state_value IS NULL THEN '-' ELSE 'v' || state_value END)
             FILTER (state_name = 'plan') AS plan,
           max(coalesce(state_numeric_value, 'nan')) FILTER (state_name = 'mrr') AS mrr
    FROM effective
    GROUP BY entity, occurred_at),
  carried AS (
    SELECT entity, valid_from, sum(gained) OVER w AS held,
           last_value(lifecycle IGNORE NULLS) OVER w AS lifecycle,
           last_value(plan IGNORE NULLS) OVER w AS plan,
           last_value(mrr IGNORE NULLS) OVER w AS mrr,
           lead(valid_from) OVER (PARTITION BY entity ORDER BY valid_from) AS valid_to
    FROM points
    WINDOW w AS (PARTITION BY entity ORDER BY valid_from ROWS UNBOUNDED PRECEDING)),
  plain AS (
    SELECT entity, valid_from, valid_to, held,
           CASE WHEN lifecycle[1] = 'v' THEN lifecycle[2:] END AS lifecycle,
           CASE WHEN plan[1] = 'v' THEN plan[2:] END AS plan,
           CASE WHEN NOT isnan(mrr) THEN mrr END AS mrr
    FROM carried),
  emitted AS (
    SELECT *
    FROM (SELECT *, lag(mrr) OVER (PARTITION BY entity ORDER BY valid_from) AS mrr_before FROM plain)
    WHERE held > 0 OR mrr_before IS NOT NULL),
  sorted AS (
    SELECT *, lag(valid_from) OVER (PARTITION BY entity ORDER BY valid_from) AS previous
    FROM emitted JOIN entity USING (entity)
    ORDER BY entity, valid_from)
  SELECT 'es_' || md5(person_id || '-' || (valid_from::TIMESTAMP)::VARCHAR) AS entity_state_id,
         person_id AS entity_id, 'person' AS entity_type, lifecycle, plan, mrr,
         CASE WHEN mrr IS NOT NULL OR mrr_before IS NOT NULL
              THEN coalesce(mrr, 0) - coalesce(mrr_before, 0) END AS mrr_delta,
         valid_from, valid_to, held > 0 AND valid_to IS NULL AS is_current,
         'es_' || md5(person_id || '-' || (previous::TIMESTAMP)::VARCHAR) AS previous_entity_state_id
  FROM sorted
) TO '${out}/nexus_entity_states.parquet' (FORMAT parquet, COMPRESSION snappy);
