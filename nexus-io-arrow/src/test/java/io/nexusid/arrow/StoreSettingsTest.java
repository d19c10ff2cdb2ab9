package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.nexusid.api.Aggregator;
import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdDialect;
import io.nexusid.api.IdForm;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.StayPolicy;
import io.nexusid.api.SurrogateKey;
import io.nexusid.api.Survivor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every setting that a store saves comes back as it was. */
class StoreSettingsTest {
    /** Refused by stores, or left to whoever opens one. */
    private static final Set<String> NOT_SAVED = Set.of(
            "compat",
            "maxHops",
            "clock",
            "threads",
            "maxEdgeRows",
            // They say what files there are, not what is kept.
            "snapshotDiffs",
            // May hold functions; they say what is derived, not what is kept.
            "states",
            "derivedStates",
            "derivedTies",
            "periods",
            "maxSnapshotRows");

    @Test
    void everySettingComesBackAsItWas() throws ReflectiveOperationException {
        NexusConfig config = NexusConfig.builder()
                .entityTypes(
                        EntityType.GROUP, EntityType.registered("subscription"), new EntityType("task", true, "job"))
                .resolveOn(ResolveOn.NORMALIZED)
                .ignoreEmptyIdentifiers(false)
                .idDialect(IdDialect.BIGQUERY)
                .idPolicy(IdPolicy.CONTENT)
                .survivor(Survivor.PINNED)
                .pinnedIds(List.of("job_" + SurrogateKey.of("b"), "grp_" + SurrogateKey.of("a")))
                .participantIds(ParticipantIds.STABLE)
                .keepEpochs(7)
                .internalEmails(List.of("b@x.org", "a@x.org"))
                .ids(IdForm.BINARY)
                .surrogateKeys(true)
                .gapMode(GapMode.COMPAT)
                .deltaMode(DeltaMode.COMPAT)
                .stayPolicy(StayPolicy.REJECT)
                .coalesceUnchanged(true)
                .asOfTie(AsOfTie.AT)
                .stateEventsFrom(Instant.parse("2024-01-01T00:00:00Z"))
                .stateEventsTo(Instant.parse("2025-01-01T00:00:00.000001Z"))
                .aggregator(Aggregator.SUM)
                .aggregator("amount", Aggregator.SUM)
                .lenientBooleans(true)
                .fault(FaultCode.BLANK_NAME, FaultPolicy.SET_ASIDE)
                .build();
        NexusConfig back = StoreSettings.read(StoreSettings.write(config)).build();
        for (Method getter : NexusConfig.class.getMethods()) {
            boolean isSetting = getter.getDeclaringClass() == NexusConfig.class
                    && getter.getParameterCount() == 0
                    && !Modifier.isStatic(getter.getModifiers());
            isSetting &= getter.getReturnType() != NexusConfig.Builder.class;
            if (isSetting && !NOT_SAVED.contains(getter.getName())) {
                Object expected = getter.invoke(config);
                assertNotEquals(getter.invoke(NexusConfig.defaults()), expected, getter.getName() + " is not tried");
                assertEquals(expected, getter.invoke(back), getter.getName());
                assertEquals(expected, getter.invoke(config.toBuilder().build()), getter.getName());
            }
        }
        for (FaultCode code : FaultCode.values()) {
            assertEquals(config.faultPolicy(code), back.faultPolicy(code), code.code());
        }
        assertEquals(StoreSettings.write(config), StoreSettings.write(back));
    }
}
