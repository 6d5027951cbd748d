"""Frozen values shared by all layers.

Times are aware and in UTC, durations are seconds, sizes are bytes, numbers of figures are `Decimal`.
Nothing here does anything: decisions are in `core`, effects in `net` and `storage`.

A module is imported when the first of its names is asked for: reading figures needs one of them, and making the
classes of all costs more than everything else that reading imports.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.model.corrections import Correction, Declaration, Note, NoteKind, StatedFigure, Transparency
    from worker.model.figures import Bound, Figure, Location, Part, Revision, RevisionKind, Text
    from worker.model.looking import Backlog, Census, CopyRow, FeedFacts, FeedState, RevisionRow, RippleRow
    from worker.model.outlets import FeedSource, Outlet, Policy, RobotsPolicy, TextSource
    from worker.model.reading import (
        UNWRITTEN,
        ArticleDraft,
        ArticleIntent,
        Capture,
        Change,
        ChangeKind,
        Claim,
        ClaimKind,
        Confirmed,
        Entry,
        Extract,
        Feed,
        FeedFormat,
        FeedIntent,
        FeedVerdict,
        Health,
        SitemapLink,
        StoredVersion,
        Symptom,
        Verdict,
        VersionDraft,
        Witness,
    )
    from worker.model.recent import (
        Doubt,
        HeldPage,
        HeldText,
        KnownArticle,
        Layers,
        Noise,
        PastText,
        Recent,
        Recurrence,
        Return,
    )
    from worker.model.relating import (
        CopyKind,
        CopyLink,
        Kin,
        KnownRevision,
        Neighbour,
        RelationIntent,
        Ripple,
        RippleState,
        Subject,
    )
    from worker.model.replaying import (
        Comparison,
        History,
        PastRevision,
        PastVersion,
        RawPage,
        Reading,
        ReplayIntent,
        ReplayProgress,
    )
    from worker.model.stories import (
        Candidates,
        Followed,
        Observation,
        Placement,
        Profile,
        Series,
        SeriesLine,
        Story,
        StoryArticle,
        StoryIntent,
        StoryLine,
        StoryPage,
        Superseding,
    )
    from worker.model.visiting import (
        Begun,
        CaptureDraft,
        Fault,
        Hop,
        Lease,
        Move,
        Outcome,
        Pace,
        Recorded,
        Reply,
        ResourceKind,
        Robots,
        RobotsIntent,
        Standing,
        Step,
        Validators,
        Visit,
        VisitIntent,
    )

# In the order in which names are looked for.
HOMES = (
    "figures",
    "corrections",
    "looking",
    "outlets",
    "reading",
    "recent",
    "relating",
    "replaying",
    "stories",
    "visiting",
)

__all__ = [
    "UNWRITTEN",
    "ArticleDraft",
    "ArticleIntent",
    "Backlog",
    "Begun",
    "Bound",
    "Candidates",
    "Capture",
    "CaptureDraft",
    "Census",
    "Change",
    "ChangeKind",
    "Claim",
    "ClaimKind",
    "Comparison",
    "Confirmed",
    "CopyKind",
    "CopyLink",
    "CopyRow",
    "Correction",
    "Declaration",
    "Doubt",
    "Entry",
    "Extract",
    "Fault",
    "Feed",
    "FeedFacts",
    "FeedFormat",
    "FeedIntent",
    "FeedSource",
    "FeedState",
    "FeedVerdict",
    "Figure",
    "Followed",
    "Health",
    "HeldPage",
    "HeldText",
    "History",
    "Hop",
    "Kin",
    "KnownArticle",
    "KnownRevision",
    "Layers",
    "Lease",
    "Location",
    "Move",
    "Neighbour",
    "Noise",
    "Note",
    "NoteKind",
    "Observation",
    "Outcome",
    "Outlet",
    "Pace",
    "Part",
    "PastRevision",
    "PastText",
    "PastVersion",
    "Placement",
    "Policy",
    "Profile",
    "RawPage",
    "Reading",
    "Recent",
    "Recorded",
    "Recurrence",
    "RelationIntent",
    "ReplayIntent",
    "ReplayProgress",
    "Reply",
    "ResourceKind",
    "Return",
    "Revision",
    "RevisionKind",
    "RevisionRow",
    "Ripple",
    "RippleRow",
    "RippleState",
    "Robots",
    "RobotsIntent",
    "RobotsPolicy",
    "Series",
    "SeriesLine",
    "SitemapLink",
    "Standing",
    "StatedFigure",
    "Step",
    "StoredVersion",
    "Story",
    "StoryArticle",
    "StoryIntent",
    "StoryLine",
    "StoryPage",
    "Subject",
    "Superseding",
    "Symptom",
    "Text",
    "TextSource",
    "Transparency",
    "Validators",
    "Verdict",
    "VersionDraft",
    "Visit",
    "VisitIntent",
    "Witness",
]

if not TYPE_CHECKING:  # a type checker would take every name for a known one

    def __getattr__(name: str) -> Any:
        """A name of `__all__`, from the module that has it."""
        if name in __all__:
            for home in HOMES:
                found = vars(import_module(f"{__name__}.{home}")).get(name)
                if found is not None:
                    globals()[name] = found
                    return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
