"""Frozen values shared by all layers.

Times are aware and in UTC, durations are seconds, sizes are bytes, numbers of figures are `Decimal`.
Nothing here does anything: decisions are in `core`, effects in `net` and `storage`.
"""

from worker.model.figures import Bound, Figure, Part, Revision, RevisionKind, Text
from worker.model.looking import Backlog, Census, RevisionRow
from worker.model.outlets import FeedSource, Outlet, Policy, TextSource
from worker.model.reading import (
    ArticleDraft,
    ArticleIntent,
    Capture,
    Change,
    ChangeKind,
    Entry,
    Extract,
    Feed,
    FeedIntent,
    FeedVerdict,
    StoredVersion,
    Verdict,
    VersionDraft,
)
from worker.model.relating import RelationIntent, Subject
from worker.model.stories import Followed, Observation, Placement, Profile, Series, Story, Superseding
from worker.model.visiting import (
    CaptureDraft,
    Fault,
    Hop,
    Lease,
    Outcome,
    Pace,
    Reply,
    ResourceKind,
    Validators,
    Visit,
    VisitIntent,
)

__all__ = [
    "ArticleDraft",
    "ArticleIntent",
    "Backlog",
    "Bound",
    "Capture",
    "CaptureDraft",
    "Census",
    "Change",
    "ChangeKind",
    "Entry",
    "Extract",
    "Fault",
    "Feed",
    "FeedIntent",
    "FeedSource",
    "FeedVerdict",
    "Figure",
    "Followed",
    "Hop",
    "Lease",
    "Observation",
    "Outcome",
    "Outlet",
    "Pace",
    "Part",
    "Placement",
    "Policy",
    "Profile",
    "RelationIntent",
    "Reply",
    "ResourceKind",
    "Revision",
    "RevisionKind",
    "RevisionRow",
    "Series",
    "StoredVersion",
    "Story",
    "Subject",
    "Superseding",
    "Text",
    "TextSource",
    "Validators",
    "Verdict",
    "VersionDraft",
    "Visit",
    "VisitIntent",
]
