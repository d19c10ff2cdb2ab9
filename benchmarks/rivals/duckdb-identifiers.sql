-- Who is who, and nothing else: the first part of duckdb-best.sql without what only its tables need. It ends with three
-- tables in memory: node (identifiers by number), owner (the entity of each), entity (their ids, numbered in id order).
--
-- It is spared what duckdb-best is: it takes for granted that there is one entity type and that no two components mint one
-- id. The lines --% are for RunDuckDb.

SET threads = 2;
SET memory_limit = '18GB';
SET temp_directory = '${out}/spill';
SET TimeZone = 'UTC';

-- Identifiers, numbered in the order of their (type, value): the smallest number of a component is its representative.
CREATE TEMP TABLE node AS
SELECT (row_number() OVER (ORDER BY identifier_type, identifier_value))::INTEGER AS node, *
FROM (
  SELECT DISTINCT identifier_type, identifier_value
  FROM read_parquet('${in}/entity_identifiers.parquet')
  WHERE entity_type = 'person' AND identifier_type <> '' AND identifier_value <> '');

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
SELECT n.node, e.entity
FROM node n LEFT JOIN final_0 f ON f.v = n.node JOIN entity e ON e.l = coalesce(f.l, n.node);
