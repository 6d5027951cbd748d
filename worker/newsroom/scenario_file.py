"""Reads a scenario file (TOML). Every mistake in it is reported, all at once, by article and version.

The text of an article is a template: `{dead}` prints the figure named `dead` as the version words it,
`{Dead}` the same with a capital letter. In a title the figure's `headline` form is printed where it has one.
A version names only what it changes; README.md beside this file shows the format.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from worker.errors import InputError
from worker.model import Bound, Policy, TextSource
from worker.newsroom.scenario import (
    REVISIONS,
    Article,
    Edit,
    FeedFormat,
    Layout,
    Offer,
    PlayedOutlet,
    Scenario,
    Statement,
    Version,
    stated_revisions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACEHOLDER = re.compile(r"\{(\w+)\}")
RESERVED = ("/feeds/", "/robots.txt", "/sitemap-news.xml")  # addresses every played outlet has besides its articles

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ArticlePath = Annotated[str, StringConstraints(pattern=r"^/[a-z0-9-]+/[A-Za-z0-9._/-]+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Second = Annotated[int, Field(ge=0)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Statement(_Table):
    text: str
    headline: str | None = None
    low: Decimal
    high: Decimal | None = None
    bound: Bound = Bound.EXACT
    unit: str | None = None

    def value(self) -> Statement:
        high = self.high if self.high is not None or self.bound is Bound.VAGUE else self.low
        return Statement(self.text, self.headline or self.text, self.low, high, self.bound, self.unit)


class _Version(_Table):
    at: Second
    edits: tuple[Edit, ...]
    note: str = ""
    title: str | None = None
    paragraphs: dict[int, str] = {}
    order: tuple[int, ...] = ()
    figures: dict[Name, _Statement] = {}
    cut: tuple[Name, ...] = ()  # figures that left with their passage, and so were not withdrawn


class _Article(_Table):
    outlet: Slug
    path: ArticlePath
    author: str
    at: Second
    title: str
    text: str
    figures: dict[Name, _Statement] = {}
    version: tuple[_Version, ...] = ()


class _Policy(_Table):
    min_gap_seconds: float = Field(gt=0)
    poll_seconds: float = Field(gt=0)
    revisit_seconds: float = Field(gt=0)
    requests_per_hour: int = Field(gt=0)
    text: TextSource = TextSource.PAGE


class _Outlet(_Table):
    slug: Slug
    name: str
    language: str
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    feed_format: FeedFormat
    feeds: tuple[Slug, ...] = Field(default=("latest",), min_length=1)
    layout: Layout
    churn: bool = False
    validators: Offer = Offer.BOTH
    gzip: bool = False
    full_text: bool = False
    policy: _Policy | None = None
    teasers: tuple[str, ...] = ()


class _File(_Table):
    title: str
    min_served_seconds: Second = 0
    policy: _Policy
    outlet: tuple[_Outlet, ...] = Field(min_length=1)
    article: tuple[_Article, ...] = Field(min_length=1)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file. Raises InputError with a line for every mistake in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    return parse_scenario(raw, str(path))


def parse_scenario(raw: bytes, name: str = "scenario") -> Scenario:
    """Read a scenario from the bytes of its file. Raises InputError with a line for every mistake in it."""
    file = _read(raw, name)
    drafts = [_Draft(article) for article in file.article]
    articles = tuple(draft.article() for draft in drafts)
    problems = [*_outlet_problems(file), *_address_problems(file)]
    for draft, article in zip(drafts, articles, strict=True):
        problems += draft.problems
        problems += _pace_problems(article, file.min_served_seconds)
    if problems:
        raise InputError("\n".join(f"{name}: {problem}" for problem in problems))
    outlets = tuple(_outlet(outlet, file.policy) for outlet in file.outlet)
    return Scenario(file.title, outlets, articles, hashlib.sha256(raw).hexdigest())


def _read(raw: bytes, name: str) -> _File:
    try:
        data = tomllib.loads(raw.decode(), parse_float=Decimal)
        return _File.model_validate(data)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        lines = [f"{name}: {_place(item['loc'])}: {item['msg']}" for item in error.errors()]
        raise InputError("\n".join(lines)) from error


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a mistake is, counting from 1 as people do: `article 3, version 1, at`."""
    words: list[str] = []
    for part in loc:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return ", ".join(words)


def _outlet(outlet: _Outlet, default: _Policy) -> PlayedOutlet:
    return PlayedOutlet(
        slug=outlet.slug,
        name=outlet.name,
        language=outlet.language,
        country=outlet.country,
        feed_format=outlet.feed_format,
        feeds=outlet.feeds,
        layout=outlet.layout,
        churn=outlet.churn,
        validators=outlet.validators,
        gzip=outlet.gzip,
        full_text=outlet.full_text,
        policy=Policy(**(outlet.policy or default).model_dump()),
        teasers=outlet.teasers,
    )


def _outlet_problems(file: _File) -> Iterator[str]:
    slugs = [outlet.slug for outlet in file.outlet]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        yield f"outlet {slug}: named twice"
    for outlet in file.outlet:
        if len({*outlet.feeds}) < len(outlet.feeds):
            yield f"outlet {outlet.slug}: a feed is named twice"
        sections = {article.path.split("/")[1] for article in file.article if article.outlet == outlet.slug}
        for feed in outlet.feeds:
            if feed != "latest" and feed not in sections:
                yield f"outlet {outlet.slug}: feed {feed} names no section that has an article"


def _address_problems(file: _File) -> Iterator[str]:
    slugs = {outlet.slug for outlet in file.outlet}
    seen = set()
    for article in file.article:
        if article.outlet not in slugs:
            yield f"article {article.path}: there is no outlet {article.outlet}"
        if article.path.startswith(RESERVED):
            yield f"article {article.path}: the path is taken by feeds, sitemap and robots.txt"
        if (article.outlet, article.path) in seen:
            yield f"article {article.path}: named twice for {article.outlet}"
        seen.add((article.outlet, article.path))


def _pace_problems(article: Article, min_served_seconds: int) -> Iterator[str]:
    for old, new in zip(article.versions, article.versions[1:], strict=False):
        if new.at <= old.at or new.at - old.at < min_served_seconds:
            yield (
                f"article {article.path}, version {new.number}: at {new.at} s, only {new.at - old.at} s"
                f" after the version before; each is to be served for at least {max(1, min_served_seconds)} s"
            )


@dataclass(slots=True)
class _Draft:
    """An article while its versions are worked out one after the other."""

    source: _Article
    problems: list[str] = field(default_factory=list)
    title: str = ""
    paragraphs: dict[int, str] = field(default_factory=dict)  # templates by number, in the order they stand
    statements: dict[str, Statement] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)

    def article(self) -> Article:
        source = self.source
        self.title = source.title
        self.paragraphs = dict(enumerate(_paragraphs(source.text), start=1))
        self.statements = {name: table.value() for name, table in source.figures.items()}
        versions = [self._version(1, source.at, (), "")]
        self._check_printed(versions[0], source.figures)
        for number, table in enumerate(source.version, start=2):
            self._edit(number, table)
            version = self._version(number, table.at, table.edits, table.note)
            self._check_printed(version, table.figures)
            self._check_edits(versions[-1], version)
            versions.append(version)
        return Article(source.outlet, source.path, source.author, tuple(versions))

    def _report(self, number: int, *problems: str) -> None:
        self.problems += [f"article {self.source.path}, version {number}: {problem}" for problem in problems]

    def _edit(self, number: int, table: _Version) -> None:
        self.title = table.title if table.title is not None else self.title
        self.paragraphs |= {key: " ".join(text.split()) for key, text in table.paragraphs.items()}
        if table.order:
            unknown = [key for key in table.order if key not in self.paragraphs]
            self._report(number, *(f"there is no paragraph {key} to put in order" for key in unknown))
            self.paragraphs = {key: self.paragraphs[key] for key in table.order if key in self.paragraphs}
        self.statements |= {name: statement.value() for name, statement in table.figures.items()}
        self.cut |= {*table.cut}

    def _version(self, number: int, at: int, edits: tuple[Edit, ...], note: str) -> Version:
        templates = [self.title, *self.paragraphs.values()]
        printed = {match[1].lower() for template in templates for match in PLACEHOLDER.finditer(template)}
        self._report(number, *(f"there is no figure {name}" for name in sorted(printed - self.statements.keys())))
        figures = {name: self.statements[name] for name in sorted(printed & self.statements.keys())}
        self._report(number, *_figure_problems(figures))
        self._report(number, *(f"figure {name} was cut, but is printed" for name in sorted(self.cut & figures.keys())))
        self.cut -= figures.keys()
        title = _fill(self.title, {name: figure.headline for name, figure in figures.items()})
        texts = {name: figure.text for name, figure in figures.items()}
        paragraphs = tuple(_fill(template, texts) for template in self.paragraphs.values())
        return Version(number, at, title, paragraphs, figures, edits, frozenset(self.cut), note)

    def _check_printed(self, version: Version, named: dict[str, _Statement]) -> None:
        unprinted = sorted(named.keys() - version.figures.keys())
        self._report(version.number, *(f"figure {name} is not printed" for name in unprinted))

    def _check_edits(self, old: Version, new: Version) -> None:
        derived = {revision.kind for revision in stated_revisions(old, new)}
        declared = {REVISIONS[edit] for edit in new.edits if edit in REVISIONS}
        for kind in sorted(derived - declared):
            self._report(new.number, f"a figure is {kind}, but `edits` does not say so")
        for kind in sorted(declared - derived):
            self._report(new.number, f"`edits` says {kind}, but no figure is")
        same = (old.title, old.paragraphs) == (new.title, new.paragraphs)
        if same != (new.edits == (Edit.TIME_LINE,)):
            self._report(new.number, "`edits` is to be [time_line] exactly when title and text stay as they are")


def _paragraphs(text: str) -> list[str]:
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _fill(template: str, texts: dict[str, str]) -> str:
    """Print figures into a template; an unknown name is left as it is, and reported by the caller."""

    def printed(match: re.Match[str]) -> str:
        name = match[1]
        text = texts.get(name.lower(), match[0])
        return text[:1].upper() + text[1:] if name[0].isupper() else text

    return PLACEHOLDER.sub(printed, template)


def _figure_problems(figures: dict[str, Statement]) -> Iterator[str]:
    for name, figure in figures.items():
        if figure.high is not None and figure.high < figure.low:
            yield f"figure {name}: high is below low"
        if (figure.high is None) != (figure.bound is Bound.VAGUE):
            yield f"figure {name}: exactly the vague figures have no `high`"
