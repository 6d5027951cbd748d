"""From the bytes of a capture to everything that reading it writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from worker.core import (
    agencies,
    dates,
    drift,
    extraction,
    feeds,
    figures,
    identity,
    locations,
    noise,
    revisions,
    schedule,
    sitemaps,
    urls,
    versions,
)
from worker.core.rates import Life
from worker.model import (
    UNWRITTEN,
    ArticleDraft,
    ArticleIntent,
    Confirmed,
    Extract,
    FeedFormat,
    FeedIntent,
    FeedVerdict,
    Recent,
    ResourceKind,
    StoredVersion,
    Text,
    TextSource,
    Verdict,
    VersionDraft,
    Witness,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from datetime import datetime

    from worker.model import (
        Capture,
        Entry,
        Feed,
        Figure,
        HeldText,
        KnownArticle,
        Noise,
        Policy,
        Recurrence,
        Revision,
    )

# A feed that says of most of its entries that they changed within minutes stamps them with the time of day.
_STAMPED = timedelta(minutes=10)
_FEW_ENTRIES = 4
_FEW_NUMBERS = 5  # told of a disagreement
# What a plain sitemap lists is news if it changed so lately: the time that a news sitemap covers by its rules.
SITEMAP_WINDOW = timedelta(days=2)
# Names what read the text of a version; count up with every change of what comes out of an entry.
FEED_TEXT = "entry of the feed; reading 2"


def intent(
    capture: Capture,
    stored: StoredVersion | None,
    recent: Recent | None = None,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> FeedIntent | ArticleIntent:
    """Read a capture; `stored` is the newest version of its article, None for a feed or before the first.

    `recent` is the latest history of its article, None for a feed.

    Raises ValueError for a page that belongs to no article, and whatever a parser does with hostile bytes.
    """
    if capture.kind is ResourceKind.FEED:
        return feed_intent(capture, policy=policy, now=now, jitter=jitter)
    if capture.article_id is None:
        raise ValueError(f"{capture.resource_url} is a page of no article")
    return article_intent(
        capture, capture.article_id, stored, recent or Recent(), policy=policy, now=now, jitter=jitter
    )


def feed_intent(capture: Capture, *, policy: Policy, now: datetime, jitter: float) -> FeedIntent:
    """Read a feed: its entries become articles that are due now."""
    feed = feeds.parse(capture.body, headers=capture.headers, url=capture.url)
    believed = not stamped(feed.entries, capture.fetched_at)
    listed = feed.entries if feed.format is not FeedFormat.SITEMAP else _news(feed, capture, believed=believed)
    drafts = (draft(entry, capture, feed, now, believed=believed, source=policy.text) for entry in listed)
    misreads = 0 if feed.verdict is FeedVerdict.FEED else capture.misreads + 1
    return FeedIntent(
        capture=capture.lease,
        resource_id=capture.resource_id,
        outlet=capture.outlet,
        at=capture.fetched_at,
        verdict=feed.verdict,
        detail=feed.detail,
        next_visit_at=schedule.after_feed(
            feed,
            policy=policy,
            fetched_at=capture.fetched_at,
            jitter=jitter,
            headers=capture.headers,
            misreads=misreads,
        ),
        drop_validators=feed.verdict is not FeedVerdict.FEED,
        articles=tuple(d for d in drafts if d is not None),
        dropped=feed.dropped + len(feed.entries) - len(listed),
        sitemaps=tuple(link.url for link in sitemaps.to_follow(feed.sitemaps, capture.fetched_at - SITEMAP_WINDOW)),
        revisit_seconds=policy.revisit_seconds,
        misreads=misreads,
        min_interval=feed.min_interval,
        skips=feed.skips,
    )


def _news(sitemap: Feed, capture: Capture, *, believed: bool) -> tuple[Entry, ...]:
    """The entries of a plain sitemap that its dates of change, where they can be believed, say are news."""
    return sitemaps.recent(sitemap.entries, capture.fetched_at, SITEMAP_WINDOW) if believed else ()


def stamped(entries: Iterable[Entry], fetched_at: datetime) -> bool:
    """Tell whether the dates of change in a feed are those of its making: news of none of its articles."""
    dates = [entry.updated for entry in entries if entry.updated is not None]
    recent = sum(fetched_at - date < _STAMPED for date in dates)
    return len(dates) >= _FEW_ENTRIES and 2 * recent > len(dates)


def draft(
    entry: Entry,
    capture: Capture,
    feed: Feed,
    now: datetime,
    *,
    believed: bool = True,
    source: TextSource = TextSource.PAGE,
) -> ArticleDraft | None:
    """An entry as an article to be found or made; None when it has neither link nor name.

    An entry without a link has no page to be visited: it is kept under the address of its feed. `believed`: whether
    its date of change is news of the article. `source`: where its text is to be read.
    """
    linked = urls.canonical(entry.link) if entry.link else None
    url = linked or _address(entry, capture)
    if url is None:
        return None
    return ArticleDraft(
        url=url,
        url_key=urls.key(url),
        host=urls.authority(url),
        guid=entry.id,
        guid_key=urls.key(entry.id) if entry.id else None,
        title=entry.title or "",
        language=feed.language or capture.language,
        published_at=dates.plausible(entry.published, capture.fetched_at),
        first_visit_at=now if linked and source is TextSource.PAGE else None,
        updated_at=entry.updated if believed else None,
        text=entry.text or entry.summary if source is TextSource.FEED else None,
    )


def _address(entry: Entry, capture: Capture) -> str | None:
    """Where an entry without a link is to be found: in its feed, under its id, else its headline and date."""
    name = entry.id or f"{entry.title or ''} {entry.published or ''}".strip()
    return f"{capture.resource_url.partition('#')[0]}#{urls.key(name)[:16]}" if name else None


def with_versions(intent: FeedIntent, known: Mapping[str, KnownArticle], capture: Capture) -> FeedIntent:
    """The intent of a feed that carries the text of its articles, with what that makes of each of them.

    `known`: each article that has a version, by the `url_key` of the draft.
    """
    drafts = tuple(_told(d, known.get(d.url_key), capture) for d in intent.articles)
    # What waits to be seen again must be sent whole again.
    return replace(intent, articles=drafts, drop_validators=intent.drop_validators or any(d.held for d in drafts))


def _told(draft: ArticleDraft, known: KnownArticle | None, capture: Capture) -> ArticleDraft:
    """A draft with the version its text is; as it was when the entry has no text, or none to be believed."""
    if not draft.text:
        return draft
    extract = Extract(
        verdict=Verdict.ARTICLE,
        title=draft.title,
        text=draft.text,
        published_at=draft.published_at,
        modified_at=draft.updated_at,
        language=draft.language,
        extractor=FEED_TEXT,
        wire=agencies.credited(draft.text),
    )
    stored, recent = (known.newest, known.recent) if known else (None, Recent())
    decision, version = _decided(stored, extract, capture, recent)
    return replace(
        draft,
        seen=decision.version_id if isinstance(decision, versions.Seen) else None,
        version=version,
        held=_waiting(decision),
        recurrence=_recurrence(decision),
        detail=decision.reason if isinstance(decision, versions.Held) else "",
    )


def article_intent(
    capture: Capture,
    article_id: int,
    stored: StoredVersion | None,
    recent: Recent,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> ArticleIntent:
    """Read an article page: whether it is one, whether it is new, and which of its figures were revised."""
    extract = _extracted(capture)
    confirmed = _confirmed(stored, extract, capture, recent)
    if confirmed is not None:
        stored, recent = _as_stored(confirmed.version), replace(recent, held=None)
    decision, version = _decided(stored, extract, capture, recent)
    symptom = drift.symptom(stored, extract, version.figures if version else None)
    broken = version is not None and symptom is not None and drift.is_broken(capture.health, more=1)
    if broken:
        decision = versions.Held(f"the outlet's extraction is broken: {symptom} lost on many articles")
        confirmed = version = None
    held = _waiting(decision)
    life = _life(capture, stored, extract, version)
    next_visit_at = schedule.after_article(life, policy=policy, now=now, jitter=jitter, headers=capture.headers)
    return ArticleIntent(
        capture=capture.lease,
        resource_id=capture.resource_id,
        article_id=article_id,
        at=capture.fetched_at,
        verdict=extract.verdict,
        detail=decision.reason if isinstance(decision, versions.Held) else extract.detail or _witnessed(extract),
        next_visit_at=_soon(next_visit_at, policy, now) if held else next_visit_at,
        # What waits to be seen again must be sent whole again.
        drop_validators=extract.verdict is not Verdict.ARTICLE or held is not None or broken,
        symptom=symptom,
        seen=decision.version_id if isinstance(decision, versions.Seen) else None,
        confirmed=confirmed,
        version=version,
        published_at=dates.plausible(extract.published_at, capture.fetched_at),
        language=extract.language,
        held=held,
        recurrence=_recurrence(decision),
        noise=_noise(decision, extract, recent),
        layers=extract.layers if extract.verdict is Verdict.ARTICLE else None,
        claims=() if isinstance(decision, versions.Held) else identity.claims(capture, extract),
        witness=extract.witness if extract.verdict is Verdict.ARTICLE else None,
    )


def _extracted(capture: Capture) -> Extract:
    return extraction.extract(
        capture.body,
        headers=capture.headers,
        url=capture.url,
        language=capture.language,
        whole=capture.whole,
        expected=capture.headline,
        asked=capture.resource_url,
        twins=capture.twins,
    )


def _witnessed(extract: Extract) -> str:
    """What only the structured data say, for who looks at the capture."""
    if extract.witness not in {Witness.DISAGREES, Witness.USED}:
        return ""
    numbers = ", ".join(extract.missing[:_FEW_NUMBERS]) or "no number"
    return f"structured data {extract.witness}: {numbers} not in the text found"


def _decided(
    stored: StoredVersion | None, extract: Extract, capture: Capture, recent: Recent
) -> tuple[versions.Decision, VersionDraft | None]:
    """What to do with an extract, and the version that it is if it is one."""
    decision = versions.decide(
        stored, extract, seen_at=capture.fetched_at, whole=capture.whole, headers=capture.headers, recent=recent
    )
    if not isinstance(decision, versions.New):
        return decision, None
    version = _version(stored, extract, decision, capture)
    if stored is not None and recent.today >= versions.LIVE:
        figured = bool(version.revisions) or _reported(version.figures) != _reported(_figures(stored, capture))
        kept = versions.restrain(decision, stored, recent, seen_at=capture.fetched_at, figures=figured)
        if isinstance(kept, versions.Held):
            return kept, None
    return decision, version


def _confirmed(stored: StoredVersion | None, extract: Extract, capture: Capture, recent: Recent) -> Confirmed | None:
    """The page that waits, where this one shows the same article changed."""
    if recent.page is None or recent.held is None or recent.today >= versions.LIVE:
        return None
    page = recent.page.page
    before = replace(
        capture, fetched_at=recent.held.last_seen_at, body=page.body, headers=page.headers, url=page.url,
        whole=page.whole, twins=0,
    )  # fmt: skip
    earlier = _extracted(before)
    decision = versions.confirmed(stored, earlier, extract, recent)
    return Confirmed(_version(stored, earlier, decision, before), recent.page.capture_id) if decision else None


def _as_stored(draft: VersionDraft) -> StoredVersion:
    """A version as it will be stored, for the one that follows it at once."""
    return StoredVersion(
        version_id=UNWRITTEN,
        ordinal=draft.ordinal,
        title=draft.title,
        text=draft.text,
        content_hash=draft.content_hash,
        extractor=draft.extractor,
        first_seen_at=draft.seen_at,
        last_seen_at=draft.seen_at,
        figures=bool(draft.figures),
        captions_at=draft.captions_at,
    )


def _waiting(decision: versions.Decision) -> HeldText | None:
    return decision.text if isinstance(decision, versions.Held | versions.Returned) else None


def _recurrence(decision: versions.Decision) -> Recurrence | None:
    return decision.recurrence if isinstance(decision, versions.Seen | versions.Returned) else None


def _reported(found: Iterable[Figure]) -> Counter[Hashable]:
    return Counter((figure.low, figure.high, figure.bound, figure.unit, figure.noun) for figure in found)


def _figures(stored: StoredVersion, capture: Capture) -> tuple[Figure, ...]:
    return figures.read(Text(stored.title, stored.text), capture.language)


def _noise(decision: versions.Decision, extract: Extract, recent: Recent) -> Noise | None:
    """What made the bytes differ from those read before, when the text did not."""
    if not isinstance(decision, versions.Seen) or recent.layers is None or extract.layers is None:
        return None
    return noise.rule(recent.layers, extract.layers)


def _soon(planned: datetime | None, policy: Policy, now: datetime) -> datetime:
    """A doubt is settled by the next visit, which should not wait for weeks."""
    soon = now + timedelta(seconds=policy.revisit_seconds)
    return soon if planned is None else min(planned, soon)


def _life(capture: Capture, stored: StoredVersion | None, extract: Extract, version: VersionDraft | None) -> Life:
    """The article's life up to this capture; a page that has never been an article ages from its discovery."""
    if version is None:
        figured, ordinal = (stored.figures, stored.ordinal) if stored else (None, 1)
    else:
        figured, ordinal = bool(version.figures), version.ordinal
    return Life(
        first_seen_at=capture.first_seen_at,
        changed_at=_changed_at(capture, stored, extract, version),
        published_at=capture.published_at or extract.published_at,
        revisions=ordinal - 1,
        figures=figured,
        pace=capture.pace,
    )


def _changed_at(
    capture: Capture, stored: StoredVersion | None, extract: Extract, version: VersionDraft | None
) -> datetime:
    """When the text last changed: what the page says, within the bounds of what was seen."""
    if version is None:
        return stored.first_seen_at if stored is not None else capture.first_seen_at
    return dates.within(extract.modified_at, version.changed_after, capture.fetched_at)


def _version(stored: StoredVersion | None, extract: Extract, decision: versions.New, capture: Capture) -> VersionDraft:
    content = versions.content(extract)
    document = Text(extract.title, content.text)
    language = extract.language or capture.language
    found = locations.located(figures.read(document, language), *content)
    # Another extractor read the version before: what differs may be its doing, not the newsroom's.
    changed = _revisions(stored, document, found, language) if stored and not decision.reread else ()
    return VersionDraft(
        previous_version_id=decision.previous_version_id,
        ordinal=decision.ordinal,
        title=extract.title,
        text=content.text,
        content_hash=decision.content_hash,
        changed_after=decision.changed_after,
        seen_at=capture.fetched_at,
        extractor=extract.extractor,
        figures=found,
        revisions=changed,
        captions_at=content.captions_at,
        reverts=decision.reverts,
        wire=extract.wire,
        modified_at=dates.plausible(extract.modified_at, capture.fetched_at),
    )


def _revisions(stored: StoredVersion, document: Text, found: tuple[Figure, ...], language: str) -> tuple[Revision, ...]:
    """Both sides are read by the same code: a better reader must not look like a revision."""
    old = Text(stored.title, stored.text)
    before = locations.located(figures.read(old, language), stored.text, stored.captions_at)
    return revisions.compare(old, document, language=language, figures=(before, found))
