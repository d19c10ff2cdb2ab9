package io.nexusid.arrow;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.MadeTimelines;
import io.nexusid.fixtures.TimelineInvariants;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The timelines of resolved tables, as rows of maps, and what must hold of them. */
final class TimelineRows {
    private static final Set<String> OWN = Set.of(
            "entity_state_id",
            "entity_id",
            "entity_type",
            "valid_from",
            "valid_to",
            "is_current",
            "previous_entity_state_id");
    private static final double LARGEST = 0x1p40;

    private final NexusConfig config;
    private final List<Map<String, Object>> rows;
    private final List<Map<String, Object>> states;
    /** Those that count: begun at some time, with a value. */
    private final List<Map<String, Object>> stays = new ArrayList<>();

    private final Map<List<Object>, Integer> entities = new HashMap<>();
    private final int[] entity;
    private final long[] from;
    private final long[] to;

    private TimelineRows(NexusConfig config, List<Map<String, Object>> rows, List<Map<String, Object>> states) {
        this.config = config;
        this.rows = rows;
        this.states = states;
        this.entity = new int[rows.size()];
        this.from = new long[entity.length];
        this.to = new long[entity.length];
        for (int i = 0; i < entity.length; i++) {
            entity[i] = entityOf(rows.get(i));
            from[i] = (Long) rows.get(i).get("valid_from");
            to[i] = or((Long) rows.get(i).get("valid_to"));
        }
        for (Map<String, Object> stay : states) {
            if (stay.get("state_entered_at") != null
                    && (stay.get("state_value") != null || stay.get("state_numeric_value") != null)) {
                stays.add(stay);
            }
        }
    }

    /** Has the timelines of some tables, if they are among them, checked when the test ends. */
    static void note(NexusConfig config, Map<String, List<Map<String, Object>>> tables) {
        List<Map<String, Object>> rows = tables.get(OutputTable.ENTITY_STATES);
        List<Map<String, Object>> states = tables.get(OutputTable.STATES);
        if (rows != null && states != null) {
            MadeTimelines.note(() -> new TimelineRows(config, rows, states).check());
        }
    }

    private void check() {
        boolean[] current = new boolean[entity.length];
        for (int i = 0; i < current.length; i++) {
            current[i] = (Boolean) rows.get(i).get("is_current");
        }
        TimelineInvariants timeline = TimelineInvariants.of(entity, from, to).currentIsLastAndOpen(current);
        Map<String, String> categories = shownStates();
        if (config.deltaMode() == DeltaMode.CONSERVING) {
            categories.forEach((state, category) -> deltasAddUp(timeline, state, category));
        }
        if (config.coalesceUnchanged()) {
            neighboursDiffer(timeline);
        }
        if (config.gapMode() == GapMode.CLOSE) {
            Set<Integer> hidden = hiddenEntities(categories);
            gapsAreExact(timeline, categories, hidden);
            categories.forEach((state, category) -> replays(state, category, hidden));
        }
    }

    private int entityOf(Map<String, Object> row) {
        return entities.computeIfAbsent(
                List.of(row.get("entity_type"), String.valueOf(row.get("entity_id"))), key -> entities.size());
    }

    private static long or(Long instant) {
        return instant == null ? Long.MIN_VALUE : instant;
    }

    /** States with a column of their own name, by category; no other state, and no delta, is called like one. */
    private Map<String, String> shownStates() {
        Map<String, Set<String>> categories = new TreeMap<>();
        for (Map<String, Object> stay : states) {
            Object category = stay.get("state_category");
            categories
                    .computeIfAbsent((String) stay.get("state_name"), name -> new HashSet<>())
                    .add(category == null ? "dimension" : category.toString());
        }
        Map<String, Integer> alike = new HashMap<>();
        categories.keySet().forEach(name -> alike.merge(letters(name), 1, Integer::sum));
        Map<String, String> shown = new LinkedHashMap<>();
        categories.forEach((name, found) -> {
            String category = found.iterator().next();
            boolean known = category.equals("dimension") || category.equals("measurement");
            boolean alone =
                    found.size() == 1 && alike.get(letters(name)) == 1 && !isOwn(name) && !name.endsWith("_delta");
            if (known && alone && !rows.isEmpty() && rows.get(0).containsKey(name)) {
                shown.put(name, category);
            }
        });
        return shown;
    }

    /** Names that differ in nothing else may be given each other's column. */
    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private boolean isOwn(String column) {
        return OWN.contains(column) || (config.surrogateKeys() && column.endsWith("_key"));
    }

    private static Object cell(Map<String, Object> stay, String category) {
        return stay.get(category.equals("measurement") ? "state_numeric_value" : "state_value");
    }

    /** Entities with a stay that is nowhere to be seen: they have rows that look like gaps. */
    private Set<Integer> hiddenEntities(Map<String, String> categories) {
        Set<Integer> hidden = new HashSet<>();
        for (Map<String, Object> stay : stays) {
            String category = categories.get((String) stay.get("state_name"));
            if (category == null || cell(stay, category) == null) {
                hidden.add(entityOf(stay));
            }
        }
        return hidden;
    }

    private void deltasAddUp(TimelineInvariants timeline, String state, String category) {
        String delta = state + "_delta";
        boolean exact = category.equals("measurement") && rows.get(0).containsKey(delta);
        for (int row = 0; exact && row < entity.length; row++) {
            Object number = rows.get(row).get(state);
            double value = number == null ? 0 : ((Number) number).doubleValue();
            exact = Math.abs(value) < LARGEST && value * 1024 == Math.rint(value * 1024);
        }
        if (exact) {
            timeline.deltasAddUp(row -> decimal(row, state), row -> decimal(row, delta));
        }
    }

    private BigDecimal decimal(int row, String column) {
        Object number = rows.get(row).get(column);
        return number == null ? null : new BigDecimal(number.toString());
    }

    private void neighboursDiffer(TimelineInvariants timeline) {
        Map<Object, Long> codes = new HashMap<>();
        List<long[]> columns = new ArrayList<>();
        for (String column : rows.isEmpty() ? Set.<String>of() : rows.get(0).keySet()) {
            if (!isOwn(column)) {
                long[] cells = new long[entity.length];
                for (int row = 0; row < cells.length; row++) {
                    cells[row] = codes.computeIfAbsent(
                            String.valueOf(rows.get(row).get(column)), cell -> (long) codes.size());
                }
                columns.add(cells);
            }
        }
        timeline.neighboursDiffer(columns.toArray(long[][]::new));
    }

    private void gapsAreExact(TimelineInvariants timeline, Map<String, String> categories, Set<Integer> hidden) {
        boolean[] gap = new boolean[entity.length];
        for (int row = 0; row < gap.length; row++) {
            Map<String, Object> cells = rows.get(row);
            gap[row] = hidden.contains(entity[row])
                    || categories.keySet().stream().allMatch(state -> cells.get(state) == null);
        }
        List<Map<String, Object>> seen =
                stays.stream().filter(stay -> !hidden.contains(entityOf(stay))).toList();
        timeline.gapsAreExact(
                gap, entities(seen), instants(seen, "state_entered_at"), instants(seen, "state_exited_at"));
    }

    /** Of entities whose stays of the state are disjoint. */
    private void replays(String state, String category, Set<Integer> hidden) {
        List<Map<String, Object>> ofState = new ArrayList<>(stays);
        ofState.removeIf(stay -> !stay.get("state_name").equals(state) || hidden.contains(entityOf(stay)));
        ofState.removeIf(stay -> or((Long) stay.get("state_exited_at")) != Long.MIN_VALUE
                && (Long) stay.get("state_exited_at") <= (Long) stay.get("state_entered_at"));
        ofState.sort((a, b) -> entityOf(a) != entityOf(b)
                ? Integer.compare(entityOf(a), entityOf(b))
                : Long.compare((Long) a.get("state_entered_at"), (Long) b.get("state_entered_at")));
        Set<Integer> overlapping = new HashSet<>(hidden);
        for (int i = 1; i < ofState.size(); i++) {
            Long exited = (Long) ofState.get(i - 1).get("state_exited_at");
            boolean same = entityOf(ofState.get(i - 1)) == entityOf(ofState.get(i));
            if (same && (exited == null || exited > (Long) ofState.get(i).get("state_entered_at"))) {
                overlapping.add(entityOf(ofState.get(i)));
            }
        }
        ofState.removeIf(stay -> overlapping.contains(entityOf(stay)));
        long[] cells = new long[entity.length];
        for (int row = 0; row < cells.length; row++) {
            cells[row] = code(
                    overlapping.contains(entity[row]) ? null : rows.get(row).get(state));
        }
        TimelineInvariants.of(entity, from, to)
                .replays(
                        cells,
                        entities(ofState),
                        ofState.stream()
                                .mapToLong(stay -> code(cell(stay, category)))
                                .toArray(),
                        instants(ofState, "state_entered_at"),
                        instants(ofState, "state_exited_at"));
    }

    private static long code(Object cell) {
        return cell == null ? Long.MIN_VALUE : cell.hashCode();
    }

    private int[] entities(List<Map<String, Object>> some) {
        return some.stream().mapToInt(this::entityOf).toArray();
    }

    private static long[] instants(List<Map<String, Object>> some, String column) {
        return some.stream().mapToLong(stay -> or((Long) stay.get(column))).toArray();
    }
}
