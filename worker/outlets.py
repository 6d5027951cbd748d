"""`config/outlets.toml` to outlets, or every mistake in it at once.

tomllib says what the file holds, pydantic what is wrong with it, and `_lines` where that stands: tomllib
gives no positions, so the text is walked once more, only to note the line of each table and key.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from worker.core import urls
from worker.errors import OutletsError
from worker.model import FeedSource, Outlet, Policy, RobotsPolicy, TextSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

    Place = tuple[str | int, ...]  # of a value in the file: ("outlet", 3, "feed", 0, "url")
    Problem = tuple[Place, str]

# ISO 3166-1 alpha-2 as of 2026: the 249 assigned codes, and XK (Kosovo), user-assigned but in general use.
_COUNTRIES = frozenset(
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW""".split()  # noqa: SIM905 - read as a table
)
# Codes that ISO 3166-1 leaves to users, for outlets that do not exist (the demo's).
_INVENTED_COUNTRY = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
_LANGUAGES = frozenset(  # ISO 639-1
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()  # noqa: SIM905 - read as a table
)
# RFC 5646, 2.1: language, script, region, variants. Private and extension subtags have no use here.
_LANGUAGE_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.IGNORECASE
)
_SHOWN = 80  # characters of a wrong value in a message, so that it stays one line
_ALIASES = {"UK": "GB", "EN": "GB", "EL": "GR"}  # what people write for a country


# --- what the file may hold: each description ends the sentence "must be …" -------------------------


def _country(code: str) -> str:
    if code in _COUNTRIES or _INVENTED_COUNTRY.fullmatch(code):
        return code
    known = _ALIASES.get(code.upper(), code.upper())
    raise ValueError(f"did you mean '{known}'?" if known in _COUNTRIES else "no country has this code")


def _language(tag: str) -> str:
    match = _LANGUAGE_TAG.fullmatch(tag)
    if match is None:
        dashed = tag.replace("_", "-")
        raise ValueError(f"did you mean '{dashed}'?" if _LANGUAGE_TAG.fullmatch(dashed) else "not a language tag")
    primary = match["language"].lower()
    if len(primary) == len("en") and primary not in _LANGUAGES:
        raise ValueError(f"no language has the code '{primary}'")
    return tag


def _address(url: str) -> str:
    if re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise ValueError("it holds a space, a backslash or a control character")
    parts = urlsplit(url)  # raises ValueError itself, e.g. for "http://[::1"
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError("its scheme is neither http nor https")
    if not parts.hostname:
        raise ValueError("it names no host")
    if "@" in parts.netloc:
        raise ValueError("it holds a user name or password")
    if parts.port == 0:  # .port raises ValueError itself when out of range
        raise ValueError("port 0 cannot be asked")
    return url


_WORDS = {"robots": RobotsPolicy, "text": TextSource}  # policy keys that are one of a few words

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Address = Annotated[str, AfterValidator(_address)]
_Language = Annotated[str, AfterValidator(_language)]
_Seconds = Annotated[float, Field(allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _PolicyTable(_Table):
    # The bounds refuse slips of the pen (0, a negative, milliseconds), not bold choices. Seconds below one
    # serve outlets on loopback that play news at many times its speed.
    min_gap_seconds: _Seconds | None = Field(None, ge=0, le=3600, description="a number of seconds from 0 to 3600")
    poll_seconds: _Seconds | None = Field(
        None, ge=0.1, le=604_800, description="a number of seconds from 0.1 to 604800 (a week)"
    )
    revisit_seconds: _Seconds | None = Field(
        None, ge=0.1, le=604_800, description="a number of seconds from 0.1 to 604800 (a week)"
    )
    requests_per_hour: int | None = Field(None, ge=1, le=1_000_000, description="a whole number from 1 to 1000000")
    text: Literal["page", "feed"] | None = Field(None, description="'page' or 'feed'")
    robots: Literal["obey", "pages", "ignore"] | None = Field(None, description="one of 'obey', 'pages' and 'ignore'")


class _FeedTable(_Table):
    url: _Address = Field(description="an http or https address")
    language: _Language | None = Field(None, description="a BCP 47 language tag such as 'en' or 'pt-BR'")
    verified: bool = Field(True, description="true or false")


class _OutletTable(_PolicyTable):
    slug: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64, description="lower-case letters, digits and single hyphens"
    )
    name: _Text = Field(description="a name, in quotes")
    homepage: _Address = Field(description="an http or https address")
    country: Annotated[str, AfterValidator(_country)] = Field(description="an ISO 3166-1 alpha-2 code such as 'TR'")
    language: _Language = Field(description="a BCP 47 language tag such as 'en' or 'pt-BR'")
    feed: list[_FeedTable] = Field(min_length=1, description="one or more [[outlet.feed]] tables")


class _File(_Table):
    policy: _PolicyTable = Field(default_factory=_PolicyTable, description="one [policy] table")
    outlet: list[_OutletTable] = Field(min_length=1, description="one or more [[outlet]] tables")


# --- reading -----------------------------------------------------------------------------------------


def load(path: Path) -> tuple[Outlet, ...]:
    """Outlets of a file, in its order; policy keys an outlet leaves out come from [policy], then from `Policy`.

    Raises OutletsError, with one line "FILE:LINE: …" for every mistake, or one for a file that cannot be read.
    """
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutletsError([_syntax_problem(path, text, error)]) from error
    lines = _lines(text)
    table, problems = _validate(data, lines)
    if problems or table is None:
        raise OutletsError(_report(path, data, lines, problems))
    defaults = _policy(Policy(), table.policy)
    return tuple(_outlet(defaults, outlet) for outlet in table.outlet)


def is_country(code: str) -> bool:
    """Tell whether a country has this code (ISO 3166-1 alpha-2)."""
    return code in _COUNTRIES


def is_language(tag: str) -> bool:
    """Tell whether a language has this tag (BCP 47)."""
    try:
        return bool(_language(tag))
    except ValueError:
        return False


def _outlet(defaults: Policy, table: _OutletTable) -> Outlet:
    return Outlet(
        slug=table.slug,
        name=table.name,
        homepage=table.homepage,
        country=table.country,
        language=table.language,
        policy=_policy(defaults, table),
        feeds=tuple(FeedSource(feed.url, feed.language, feed.verified) for feed in table.feed),
    )


def _policy(defaults: Policy, table: _PolicyTable) -> Policy:
    stated = {key: getattr(table, key) for key in table.model_fields_set & _PolicyTable.model_fields.keys()}
    return replace(defaults, **stated | {key: _WORDS[key](stated[key]) for key in _WORDS.keys() & stated.keys()})


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise OutletsError([f"{path}: cannot be read: {error.strerror or error}"]) from error
    try:
        return raw.decode("utf-8-sig")  # some editors put a byte order mark in front
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise OutletsError([f"{path.name}:{line}: not UTF-8 text"]) from error


def _syntax_problem(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Move the position that tomllib ends its message with to the front."""
    message = str(error)
    found = re.search(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", message)
    line = int(found["line"]) if found and found["line"] else text.count("\n") + 1
    return f"{path.name}:{line}: not TOML: {message[: found.start()] if found else message}"


# --- finding mistakes --------------------------------------------------------------------------------


def _validate(data: dict[str, Any], lines: Mapping[Place, int]) -> tuple[_File | None, list[Problem]]:
    problems = [*_repeated(_slugs(data), lines), *_repeated(_feed_urls(data), lines)]
    try:
        return _File.model_validate(data), problems
    except ValidationError as error:
        details = error.errors(include_url=False)
    misspelt = {d["loc"]: _nearest(d["loc"]) for d in details if d["type"] == "extra_forbidden"}
    # A key that is missing because it is misspelt is one mistake, not two.
    meant = {(*place[:-1], key) for place, key in misspelt.items() if key}
    problems.extend(
        (d["loc"], _problem(d, misspelt)) for d in details if d["type"] != "missing" or d["loc"] not in meant
    )
    return None, problems


def _problem(detail: ErrorDetails, misspelt: Mapping[Place, str | None]) -> str:
    place, must = detail["loc"], f"must be {_described(detail['loc'])}"
    match detail["type"]:
        case "extra_forbidden" if place[-1] == "policy":
            return "unknown, an outlet's policy keys stand in its own table"
        case "extra_forbidden":
            return f"unknown, did you mean {misspelt[place]!r}?" if misspelt[place] else "unknown"
        case "missing":
            return f"missing, {must}"
        case "value_error":
            return f"{must}, not {_short(detail['input'])}: {detail['ctx']['error']}"
        case _:
            return f"{must}, not {_short(detail['input'])}"


def _short(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()  # as TOML writes it
        case dict():
            return "a table"
        case []:
            return "an empty array"
        case list():
            return "an array"
        case str() | int() | float():
            shown = repr(value)
            return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        case _:
            return str(value)  # a date or a time


def _table_at(place: Place) -> type[BaseModel] | None:
    match [part for part in place if isinstance(part, str)]:
        case [_]:
            return _File
        case ["policy", _]:
            return _PolicyTable
        case ["outlet", _]:
            return _OutletTable
        case ["outlet", "feed", _]:
            return _FeedTable
        case _:
            return None


def _described(place: Place) -> str:
    table = _table_at(place)
    field = table.model_fields.get(str(place[-1])) if table else None
    if isinstance(place[-1], int) or field is None:  # an element of an array that should hold tables
        return "a table"
    return str(field.description)


def _nearest(place: Place) -> str | None:
    table = _table_at(place)
    names = table.model_fields if table else ()
    return next(iter(get_close_matches(str(place[-1]), names, cutoff=0.65)), None)


def _repeated(places: Iterable[tuple[Place, object]], lines: Mapping[Place, int]) -> Iterator[Problem]:
    """Values that stand in the file before; what is no string is another mistake.

    Two spellings of one address would be one feed that is polled twice.
    """
    first: dict[str, Place] = {}
    for place, value in places:
        if isinstance(value, str):
            same = urls.fetchable(value) or value
            if same in first:
                yield place, f"{_short(value)} is already used in line {_line(lines, first[same])}"
            first.setdefault(same, place)


def _slugs(data: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    for i, outlet in _tables(data.get("outlet")):
        yield ("outlet", i, "slug"), outlet.get("slug")


def _feed_urls(data: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    for i, outlet in _tables(data.get("outlet")):
        for j, feed in _tables(outlet.get("feed")):
            yield ("outlet", i, "feed", j, "url"), feed.get("url")


def _tables(value: object) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(value, list):
        yield from ((i, item) for i, item in enumerate(value) if isinstance(item, dict))


# --- saying where they are ---------------------------------------------------------------------------


def _report(path: Path, data: Mapping[str, Any], lines: Mapping[Place, int], problems: Iterable[Problem]) -> list[str]:
    placed = sorted((_line(lines, place), _subject(data, place), what) for place, what in problems)
    return [f"{path.name}:{line}: {subject}{what}" for line, subject, what in placed]


def _line(lines: Mapping[Place, int], place: Place) -> int:
    """Line of a value, or of the table that should hold it."""
    return next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), 1)


def _subject(data: Mapping[str, Any], place: Place) -> str:
    match place:
        case ("outlet", int(i), "feed", int(j), *_):
            owner = f"{_owner(data, i)}: feed {j + 1}: "
        case ("outlet", int(i), *_):
            owner = f"{_owner(data, i)}: "
        case ("policy", _):
            owner = "[policy]: "
        case _:
            owner = ""
    return f"{owner}key {place[-1]!r}: " if isinstance(place[-1], str) else owner


def _owner(data: Mapping[str, Any], i: int) -> str:
    """Name an outlet by its slug, or by its number in the file where it has none."""
    outlet = data["outlet"][i]
    slug = outlet.get("slug") if isinstance(outlet, dict) else None
    return f"outlet {slug!r}" if isinstance(slug, str) else f"outlet number {i + 1}"


# --- lines -------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
    |(?P<string>"{3}(?:\\.|(?!"{3}).)*"{3,5} | '{3}(?:(?!'{3}).)*'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    |(?P<newline>\n)
    |(?P<mark>[][{},=.])
    |(?P<bare>[^][{},=."'\#\s]+)""",
    re.DOTALL | re.VERBOSE,
)


def _lines(text: str) -> dict[Place, int]:
    """Line of every table, key and array element of a text that tomllib has found to be TOML."""
    return _Walk(text).lines


class _Walk:
    """A walk over the tokens of a valid file (TOML 1.0); it reads no values, only where they stand."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._tokens = list(_tokens(text))
        self._next = 0
        self._table: Place = ()
        self._elements: dict[Place, int] = {}  # of each array of tables, the number it has so far
        while self._peek():
            self._statement()

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> tuple[str, int]:
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip_newlines(self) -> None:
        while self._peek() == "\n":
            self._take()

    def _statement(self) -> None:
        if self._peek() == "\n":
            self._take()
        elif self._peek() == "[":
            self._header()
        else:
            self._pair(self._table)

    def _header(self) -> None:
        """`[a.b]` or `[[a.b]]`; a name on the way that is an array of tables means its newest element."""
        line = self._take()[1]
        is_array = self._peek() == "["
        if is_array:
            self._take()
        *way, last = self._key()
        place: Place = ()
        for name in way:
            place = self._newest((*place, name))
            self.lines.setdefault(place, line)
        place = (*place, last)
        self.lines.setdefault(place, line)
        if is_array:
            self._elements[place] = self._elements.get(place, -1) + 1
        self._table = self._newest(place)
        self.lines[self._table] = line
        while self._peek() == "]":
            self._take()

    def _newest(self, place: Place) -> Place:
        return (*place, self._elements[place]) if place in self._elements else place

    def _key(self) -> list[str]:
        names = [_unquoted(self._take()[0])]
        while self._peek() == ".":
            self._take()
            names.append(_unquoted(self._take()[0]))
        return names

    def _pair(self, table: Place) -> None:
        line = self._tokens[self._next][1]
        place = table
        for name in self._key():
            place = (*place, name)
            self.lines.setdefault(place, line)
        self._take()  # the equals sign
        self._value(place)

    def _value(self, place: Place) -> None:
        match self._peek():
            case "[":
                self._array(place)
            case "{":
                self._inline_table(place)
            case _:
                while self._peek() not in ("", "\n", ",", "]", "}"):  # 1.5 and 07:32:00 are several tokens
                    self._take()

    def _array(self, place: Place) -> None:
        self._take()
        for i in count():
            self._skip_newlines()
            if self._peek() == "]":
                break
            self.lines[(*place, i)] = self._tokens[self._next][1]
            self._value((*place, i))
            self._separator()
        self._take()

    def _inline_table(self, place: Place) -> None:
        self._take()
        self._skip_newlines()
        while self._peek() != "}":
            self._pair(place)
            self._separator()
        self._take()

    def _separator(self) -> None:
        self._skip_newlines()
        if self._peek() == ",":
            self._take()
            self._skip_newlines()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield match[0], line
        line += match[0].count("\n")


def _unquoted(name: str) -> str:
    """A key without its quotes; what escapes it holds, tomllib knows."""
    if name[0] not in "\"'":
        return name
    return str(next(iter(tomllib.loads(f"{name} = 0"))))
