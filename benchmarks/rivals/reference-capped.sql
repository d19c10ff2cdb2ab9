-- What a warehouse package does when it has only SQL: all pairs of each edge group as edges in both directions, a fixed
-- number of rounds (${cap}) of "whom does everybody reach", the least of those reached as representative, text joined to
-- text throughout, and the four tables of the whole run built on that.
--
-- Our own writing of that shape. Entities whose identifiers lie further apart than the cap come out in pieces, so this
-- side is timed but not compared. Nothing is sorted, as nothing is there.

SET threads = 2;
SET memory_limit = '18GB';
SET temp_directory = '${out}/spill';
SET TimeZone = 'UTC';

CREATE TEMP TABLE identifiers AS
SELECT *, md5(event_id || '-' || identifier_value || '-' || coalesce(role, '_dbt_utils_surrogate_key_null_') || '-'
              || (occurred_at::TIMESTAMP)::VARCHAR || '-' || entity_type || '-' || identifier_type) AS row_id
FROM read_parquet('${in}/entity_identifiers.parquet')
WHERE identifier_type <> '' AND identifier_value <> '';

CREATE TEMP TABLE edges AS
SELECT a.edge_id,
       a.entity_type AS entity_type_a, a.identifier_type AS type_a, a.identifier_value AS value_a,
       b.entity_type AS entity_type_b, b.identifier_type AS type_b, b.identifier_value AS value_b,
       a.source, a._ingested_at,
       md5(a.entity_type || '-' || a.identifier_type || '-' || a.identifier_value || '-'
           || b.entity_type || '-' || b.identifier_type || '-' || b.identifier_value) AS edge_uniqueness_hash
FROM identifiers a JOIN identifiers b
  ON a.edge_id = b.edge_id
 AND (a.entity_type <> b.entity_type OR a.identifier_type <> b.identifier_type
      OR a.identifier_value <> b.identifier_value)
QUALIFY row_number() OVER (
  PARTITION BY a.entity_type, a.identifier_type, a.identifier_value,
               b.entity_type, b.identifier_type, b.identifier_value
  ORDER BY a._ingested_at, a.edge_id, a.source) = 1;

CREATE TEMP TABLE reach_0 AS
SELECT DISTINCT identifier_type AS from_type, identifier_value AS from_value,
                identifier_type AS to_type, identifier_value AS to_value
FROM identifiers
WHERE entity_type = 'person';
--% repeat ${cap}
CREATE TEMP TABLE reach_${next} AS
SELECT DISTINCT from_type, from_value, to_type, to_value
FROM (
  SELECT from_type, from_value, to_type, to_value FROM reach_${i}
  UNION ALL
  SELECT r.from_type, r.from_value, e.type_b, e.value_b
  FROM reach_${i} r JOIN edges e ON e.type_a = r.to_type AND e.value_a = r.to_value
  WHERE e.entity_type_a = 'person' AND e.entity_type_b = 'person');
DROP TABLE reach_${i};
--% end

CREATE TEMP TABLE resolved AS
SELECT 'per_idfr_' || md5(person_id || '-' || identifier_type || '-' || identifier_value) AS person_identifier_id, *
FROM (
  SELECT 'per_' || md5(least.type || '-' || least.value) AS person_id, event_id, identifier_type, identifier_value,
         false AS realtime_processed, true AS existing_person, 'full_resolution' AS resolution_reason,
         NULL::VARCHAR AS previous_entity_id,
         (SELECT max(coalesce(_ingested_at, occurred_at)) FROM identifiers WHERE entity_type = 'person')
           AS resolved_at_watermark
  FROM (
    SELECT from_type AS identifier_type, from_value AS identifier_value,
           min({'type': to_type, 'value': to_value}) AS least
    FROM reach_${cap}
    GROUP BY ALL)
  JOIN (
    SELECT identifier_type, identifier_value, event_id
    FROM identifiers
    WHERE entity_type = 'person'
    QUALIFY row_number() OVER (PARTITION BY identifier_type, identifier_value ORDER BY edge_id, event_id, row_id) = 1)
  USING (identifier_type, identifier_value));
DROP TABLE reach_${cap};
COPY resolved TO '${out}/nexus_resolved_person_identifiers.parquet' (FORMAT parquet, COMPRESSION snappy);

COPY (
  SELECT 'ent_' || md5(coalesce(event_id, '_dbt_utils_surrogate_key_null_') || '-' || entity_id || '-'
                       || coalesce(role, '_dbt_utils_surrogate_key_null_')) AS entity_participant_id, *
  FROM (
    SELECT entity_type, i.event_id, person_id AS entity_id, role, occurred_at
    FROM identifiers i JOIN resolved USING (identifier_type, identifier_value)
    WHERE entity_type = 'person'
    GROUP BY ALL)
) TO '${out}/nexus_entity_participants.parquet' (FORMAT parquet, COMPRESSION snappy);

COPY (
  SELECT 'ent_tr_' || md5(person_id || '-' || trait_name || '-'
                          || coalesce(trait_value, '_dbt_utils_surrogate_key_null_')) AS entity_trait_id,
         person_id AS entity_id, entity_type, trait_name, trait_value, occurred_at, false AS realtime_processed
  FROM (
    SELECT person_id, entity_type, trait_name, trait_value, occurred_at
    FROM read_parquet('${in}/entity_traits.parquet') JOIN resolved USING (identifier_type, identifier_value)
    WHERE entity_type = 'person'
    QUALIFY row_number() OVER (PARTITION BY person_id, trait_name ORDER BY occurred_at DESC NULLS LAST) = 1)
) TO '${out}/nexus_resolved_entity_traits.parquet' (FORMAT parquet, COMPRESSION snappy);

CREATE TEMP TABLE states AS
SELECT person_id AS entity_id, state_name, state_value, state_numeric_value, occurred_at AS state_entered_at,
       lead(occurred_at) OVER (PARTITION BY person_id, state_name ORDER BY occurred_at, event_id) AS state_exited_at
FROM (
  SELECT person_id, state_name, state_value, state_numeric_value, occurred_at, c.event_id
  FROM read_parquet('${in}/state_changes.parquet') c JOIN resolved USING (identifier_type, identifier_value)
  WHERE entity_type = 'person');

COPY (
  WITH points AS (
    SELECT entity_id, state_entered_at AS instant FROM states
    UNION
    SELECT entity_id, state_exited_at FROM states WHERE state_exited_at IS NOT NULL),
  active AS (
    SELECT p.entity_id, instant, state_name, state_value, state_numeric_value
    FROM points p JOIN states s
      ON s.entity_id = p.entity_id AND state_entered_at <= instant
     AND (state_exited_at IS NULL OR state_exited_at > instant)
    WHERE state_value IS NOT NULL OR state_numeric_value IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY p.entity_id, instant, state_name ORDER BY state_entered_at DESC) = 1),
  wide AS (
    SELECT 'es_' || md5(entity_id || '-' || (instant::TIMESTAMP)::VARCHAR) AS entity_state_id, entity_id, instant,
           max(state_value) FILTER (state_name = 'lifecycle') AS lifecycle,
           max(state_value) FILTER (state_name = 'plan') AS plan,
           max(state_numeric_value) FILTER (state_name = 'mrr') AS mrr
    FROM active
    GROUP BY entity_id, instant)
  SELECT entity_state_id, entity_id, 'person' AS entity_type, lifecycle, plan, mrr,
         mrr - coalesce(lag(mrr) OVER w, 0) AS mrr_delta, instant AS valid_from, lead(instant) OVER w AS valid_to,
         lead(instant) OVER w IS NULL AS is_current, lag(entity_state_id) OVER w AS previous_entity_state_id
  FROM wide
  WINDOW w AS (PARTITION BY entity_id ORDER BY instant)
) TO '${out}/nexus_entity_states.parquet' (FORMAT parquet, COMPRESSION snappy);
