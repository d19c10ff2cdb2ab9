package io.nexusid.arrow;

/** The measurements and dimensions of events, each computed when it is first asked for. */
record WideValues(Run.Work<WideEvents> measurements, Run.Work<WideEvents> dimensions) {}
