package io.nexusid.states;

import java.util.List;

/**
 * When, then, else, as data: the first rule whose condition holds gives the value. In JSON, beside the components:
 *
 * <pre>{@code
 * {"components": {"billing": {"state": "billing_lifecycle"}, "app": {"state": "app_installation"}},
 *  "rules": [{"when": {"all": [{"eq": ["billing", "active"]}, {"not": {"null": "app"}}]}, "then": "active"}],
 *  "else": "inactive"}
 * }</pre>
 *
 * <p>A {@code then} or {@code else} of null, or no {@code else}, means no state.
 *
 * @param rules asked in order
 * @param otherwise the code if none holds, -1 for none
 */
public record StateRules(List<Rule> rules, int otherwise) implements StateCombination {

    /**
     * One case.
     *
     * @param then a value's code, -1 for none
     */
    public record Rule(StateCondition when, int then) {}

    /** Copies the rules. */
    public StateRules {
        rules = List.copyOf(rules);
    }

    @Override
    public int combine(CurrentStates current) {
        for (Rule rule : rules) {
            if (rule.when().holds(current)) {
                return rule.then();
            }
        }
        return otherwise;
    }
}
