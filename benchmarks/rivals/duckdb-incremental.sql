-- The reference's incremental step for one batch: who its identifiers belong to, given who all earlier ones belong to.
-- It starts from the table mapping (identifier_type, identifier_value, entity_id) and leaves it as it is after the batch;
-- the tables log and identifiers grow. All of it is one transaction on a database file.
--
-- It is spared: finding out which rows it has seen before (it takes every row as new), late members of an edge, rows of
-- events, traits and states, and everything but the resolver. Components are exact, not cut off after N rounds.
-- The lines --% are for RunDuckDb.

BEGIN TRANSACTION;

CREATE OR REPLACE TEMP TABLE delta AS
SELECT edge_id, event_id, identifier_type, identifier_value, occurred_at, source, _ingested_at
FROM read_parquet('${in}/entity_identifiers.parquet')
WHERE entity_type = 'person' AND identifier_type <> '' AND identifier_value <> '';

-- Known identifiers of one entity are one node; all others are one each.
CREATE OR REPLACE TEMP TABLE part AS
SELECT *, min(v) OVER (PARTITION BY coalesce(entity_id, v::VARCHAR)) AS k
FROM (
  SELECT (row_number() OVER ())::INTEGER AS v, d.*, m.entity_id
  FROM (SELECT DISTINCT identifier_type, identifier_value FROM delta) d
  LEFT JOIN mapping m USING (identifier_type, identifier_value));

CREATE OR REPLACE TEMP TABLE edge_0 AS
SELECT DISTINCT a, b
FROM (
  SELECT min(k) AS a, unnest(list(k)) AS b
  FROM delta JOIN part USING (identifier_type, identifier_value)
  WHERE edge_id <> ''
  GROUP BY edge_id)
WHERE a <> b;

-- Rounds as in duckdb-identifiers.sql.
--% while edge_${i}
CREATE OR REPLACE TEMP TABLE parent AS
SELECT v, min(w)::INTEGER AS p
FROM (SELECT a AS v, a AS w FROM edge_${i} UNION ALL SELECT b, a FROM edge_${i} UNION ALL SELECT a, b FROM edge_${i})
GROUP BY v;
CREATE OR REPLACE TEMP TABLE label_${i} AS
SELECT x.v, z.p AS l FROM parent x JOIN parent y ON y.v = x.p JOIN parent z ON z.v = y.p;
CREATE OR REPLACE TEMP TABLE edge_${next} AS
SELECT DISTINCT least(x.l, y.l) AS a, greatest(x.l, y.l) AS b
FROM edge_${i} e JOIN label_${i} x ON x.v = e.a JOIN label_${i} y ON y.v = e.b
WHERE x.l <> y.l;
--% end
CREATE OR REPLACE TEMP TABLE final_${rounds} (v INTEGER, l INTEGER);
--% back
CREATE OR REPLACE TEMP TABLE final_${i} AS
SELECT x.v, coalesce(f.l, x.l) AS l FROM label_${i} x LEFT JOIN final_${next} f ON f.v = x.l;
--% end

CREATE OR REPLACE TEMP TABLE labelled AS
SELECT p.*, coalesce(f.l, p.k) AS label FROM part p LEFT JOIN final_0 f ON f.v = p.k;

-- Of the entities that meet, the one with the most identifiers survives, then the one with the smallest id.
CREATE OR REPLACE TEMP TABLE prior AS
SELECT DISTINCT label, entity_id FROM labelled WHERE entity_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE sized AS
SELECT c.label, c.entity_id, count(*) AS n
FROM (SELECT * FROM prior QUALIFY count(*) OVER (PARTITION BY label) > 1) c JOIN mapping m USING (entity_id)
GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE loser AS
SELECT label, entity_id AS previous, first_value(entity_id) OVER (PARTITION BY label ORDER BY n DESC, entity_id) AS survivor
FROM sized
QUALIFY previous <> survivor;
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT label,
  coalesce(any_value(s.survivor), any_value(l.entity_id),
    'per_' || md5(min(l.identifier_type || '-' || l.identifier_value))) AS id,
  count(l.entity_id) = 0 AS is_born
FROM labelled l LEFT JOIN (SELECT DISTINCT label, survivor FROM loser) s USING (label)
GROUP BY label;

INSERT INTO log
SELECT ${batch}, m.identifier_type, m.identifier_value, l.survivor, l.previous, 'repointed'
FROM mapping m JOIN loser l ON l.previous = m.entity_id;
INSERT INTO log
SELECT ${batch}, identifier_type, identifier_value, id, NULL, CASE WHEN is_born THEN 'born' ELSE 'accreted' END
FROM labelled JOIN chosen USING (label)
WHERE entity_id IS NULL;
UPDATE mapping SET entity_id = loser.survivor FROM loser WHERE mapping.entity_id = loser.previous;
INSERT INTO mapping
SELECT identifier_type, identifier_value, id FROM labelled JOIN chosen USING (label) WHERE entity_id IS NULL;
INSERT INTO identifiers SELECT * FROM delta;

COMMIT;
