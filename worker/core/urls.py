"""One strict reading of a URL, and what follows from it: what to request, what to store, what is the same article.

Every URL enters through `parse`, once, and is passed on in parts or as the text `parse` made of it, so that no two
parsers can disagree about the host (the root of most gate bypasses). Three forms of one URL:

- `fetchable`: what is requested. As given, without the fragment.
- `canonical`: what is stored and shown. Without what only says how the reader came here. Still requestable: the
  scheme, the host and a trailing slash stay, since changing them would cost a redirect on every visit.
- `key`: what is the same article. Of `canonical`, without scheme, a trailing slash and the marks of mobile and AMP
  editions; a hash, so only ever compared.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urljoin

import idna

AUTHORITIES = 1_000  # that are remembered as they were read: lanes ask one host again and again
LONGEST = 8_000  # characters; RFC 9110, 4.1 asks everybody to cope with 8,000 octets
DEFAULT_PORTS = {"http": 80, "https": 443}

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ABSOLUTE = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]+)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@%]+))(?::(?P<port>[0-9]{0,5}))?", re.IGNORECASE)
# Letters, digits, hyphen; and the underscore, which DNS allows and some newsrooms' host names contain.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# WHATWG, "ends in a number": such a host is an IPv4 address in some spelling or other.
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PCHAR = "%/:@!$&'()*+,;=~-._"  # RFC 3986, 3.3; escapes that are there already stay
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https URL in parts; nothing in it needs decoding to know whom it reaches."""

    scheme: str  # "http" or "https"
    host: str  # lower case ASCII: A-labels, or an IP address in its shortest form, without brackets
    port: int  # always there
    path: str  # begins with "/", no dot segments
    query: str | None  # None without a "?"

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: the unit of politeness."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.authority}{self.path}{query}"


def parse(url: str, base: str | None = None) -> Address | None:
    """Read an absolute URL, or a reference relative to `base` (RFC 3986, 5.2); None for what we refuse to understand.

    Refused: other schemes, user information, backslashes, control characters, white space at the ends or before the
    path, zone identifiers, ports outside 1-65535, numbers as host in any spelling but a dotted quad, names that IDNA
    does not allow or that turn into ASCII by compatibility mapping.
    """
    if not url or len(url) > LONGEST or _is_tricky(url):
        return None
    absolute = url if _SCHEME.match(url) else _join(url, base)
    if absolute is None or (match := _ABSOLUTE.fullmatch(absolute)) is None:
        return None
    scheme = match["scheme"].lower()
    located = _locate(match["authority"], DEFAULT_PORTS[scheme])
    if located is None:
        return None
    path = _without_dot_segments(quote(match["path"], safe=_PCHAR)) or "/"
    query = None if match["query"] is None else quote(match["query"], safe=_PCHAR + "?")
    return Address(scheme, *located, path, query)


def fetchable(url: str) -> str | None:
    """What is requested for a URL; None for what `parse` refuses."""
    address = parse(url)
    return None if address is None else str(address)


def authority(url: str) -> str:
    """Host, and port where it is not the scheme's own. ValueError for what `parse` refuses."""
    address = parse(url)
    if address is None:
        raise ValueError(f"not a URL that can be visited: {url[:200]!r}")
    return address.authority


def _is_tricky(url: str) -> bool:
    """Tell characters that parsers are known to disagree about; spaces inside are left for the authority to refuse."""
    if url[0].isspace() or url[-1].isspace() or "\\" in url:
        return True
    if url.isascii():
        return not url.isprintable()
    return any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in url)


def _join(reference: str, base: str | None) -> str | None:
    """Resolve against a base; a reference with an empty authority ("///host") is refused by the pattern later on."""
    start = None if base is None else parse(base)
    if start is None:
        return None
    if reference.startswith("//"):
        return f"{start.scheme}:{reference}"
    return urljoin(str(start), reference)


@lru_cache(AUTHORITIES)
def _locate(text: str, default_port: int) -> tuple[str, int] | None:
    """Host and port of an authority."""
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else default_port
    host = _ip6(match["v6"]) if match["v6"] else _host(match["name"])
    return (host, port) if host is not None and 1 <= port <= 65535 else None  # noqa: PLR2004 - RFC 9293


def _ip6(text: str) -> str | None:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def _host(name: str) -> str | None:
    """Lower case ASCII of a host name or dotted quad; a trailing dot goes."""
    ascii_name = name.lower() if name.isascii() else _a_labels(name)
    if ascii_name is None:
        return None
    labels = ascii_name.removesuffix(".").split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        return _ip4(name)
    host = ".".join(labels)
    return host if len(host) <= 253 and all(map(_LABEL.fullmatch, labels)) else None  # noqa: PLR2004 - RFC 1035, 2.3.4


def _ip4(name: str) -> str | None:
    """A dotted quad of plain decimal numbers; anything looser means different hosts to different parsers."""
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        return None


def _a_labels(name: str) -> str | None:
    """ASCII form of an internationalised name (UTS 46), if that reads back as what was written.

    It does not when full-width letters, circled digits, other scripts' dots or invisible characters are mapped away.
    """
    shown = unicodedata.normalize("NFC", name.lower())
    try:
        encoded = idna.encode(shown, uts46=True, std3_rules=True)
        return encoded.decode("ascii") if idna.decode(encoded) == shown else None
    except (idna.IDNAError, UnicodeError):
        return None


def _without_dot_segments(path: str) -> str:
    """RFC 3986, 5.2.4, for a path that is empty or begins with a slash."""
    if "/." not in path:
        return path
    kept: list[str] = []
    *parents, last = path.split("/")[1:]
    for segment in [*parents, last]:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if last in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


# --- what a URL says of the article, and what only of the way to it ---------------------------------------------

# Parameters that name a campaign, a click or a reader, by whose documentation or by newsroom feeds that add them.
_TRACKING_PREFIXES = (
    "utm_",  # Google Analytics, everywhere
    "at_",  # AT Internet / Piano: BBC, France Médias Monde
    "wt_",  # Webtrekk / Mapp: heise
    "pk_", "mtm_", "matomo_", "piwik_",  # Matomo
    "_hs", "hsa_", "hsctatracking",  # HubSpot
    "ns_",  # comScore: BBC until 2020
    "fb_action_", "__cft__",  # Facebook
)  # fmt: skip
_TRACKING = frozenset({
    "fbclid", "fb_source", "fb_ref", "mibextid", "sfnsn", "__tn__", "igshid", "igsh",  # Meta
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid",  # Google
    "_ga", "_gl", "srsltid", "usqp",
    "msclkid", "yclid", "ysclid", "ymclid", "twclid", "ttclid", "li_fat_id", "epik", "rdt_cid", "scclid",  # clicks
    "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id", "ck_subscriber_id", "bsft_clkid",  # mailings
    # Newsrooms' own, and of the tools they share with.
    "xtor", "maca", "traffic_source", "cmp", "cmpid", "icid", "ocid", "ncid", "s_cid", "ito", "smid", "smtyp",
    "taid", "feedtype", "feedname", "__twitter_impression", "ref_src", "ref_url", "sr_share", "guccounter",
    "guce_referrer", "guce_referrer_sig", "spm", "linkid", "dicbo", "outbrainclickid", "tblci", "ftag", "ftcamp",
    "jsessionid", "phpsessid", "aspsessionid",  # sessions
})  # fmt: skip
# These may be identity; they are dropped only where the value says "came from a feed or a share button".
_CHANNEL = frozenset({"ref", "src", "source", "from", "partner", "emc", "via", "origin"})
_CHANNEL_VALUES = frozenset({
    "rss", "feed", "atom", "rssfeed", "rss_feed", "rss-feed", "rssnyt", "newsletter", "twitter", "facebook", "whatsapp",
    "telegram", "googlenews", "google_news", "flipboard", "applenews", "share",
})  # fmt: skip
_SESSION_SEGMENT = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_MANY_SLASHES = re.compile(r"/{2,}")


def canonical(url: str, base: str | None = None) -> str | None:
    """What is stored for a URL: one spelling, no tracking; None for what `parse` refuses. Idempotent."""
    address = parse(url, base)
    if address is None:
        return None
    path = _SESSION_SEGMENT.sub("", _plain_escapes(address.path))
    path = _without_dot_segments(_MANY_SLASHES.sub("/", path))
    return str(Address(address.scheme, address.host, address.port, path, _identity(address.query or "")))


def _plain_escapes(text: str) -> str:
    """Escapes of characters that need none are decoded, all others in upper case (RFC 3986, 6.2.2)."""
    return _ESCAPE.sub(_plain_escape, text)


def _plain_escape(match: re.Match[str]) -> str:
    if match[1] is None:  # a percent sign that escapes nothing
        return "%25"
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _identity(query: str) -> str | None:
    """The parameters that may say which article it is, by name; those of one name keep their order."""
    pairs = [piece.partition("=") for piece in _plain_escapes(query).split("&") if piece]
    kept = ["".join(pair) for pair in sorted(pairs, key=lambda pair: pair[0]) if not _is_tracking(pair[0], pair[2])]
    return "&".join(kept) or None


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _CHANNEL and value.lower() in _CHANNEL_VALUES


# --- which article it is ----------------------------------------------------------------------------------------

_EDITION_HOST = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_EDITION_PATH = re.compile(r"^/amp(?=/.)|/amp$|\.amp(?=$|\.html?$)")
_EDITION_QUERY = re.compile(r"(?:^|&)(?:amp(?:=[^&]*)?|outputType=amp|output=amp)(?=&|$)", re.IGNORECASE)


def key(canonical_url: str) -> str:
    """SHA-256 in hex of what makes a canonical URL one article: the unique key.

    Equal for http and https, with and without a trailing slash, for www, mobile and AMP editions. Any other text, such
    as a guid that is no URL, is hashed as it is.
    """
    scheme, _, rest = canonical_url.partition("://")
    identity = _without_edition(rest) if scheme in DEFAULT_PORTS else canonical_url
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()


def _without_edition(rest: str) -> str:
    """What follows the scheme, less what tells editions of one article apart."""
    place, _, query = rest.partition("?")
    host, slash, path = place.partition("/")
    path = _EDITION_PATH.sub("", (slash + path).rstrip("/"))
    query = _EDITION_QUERY.sub("", query).lstrip("&")
    return f"{_EDITION_HOST.sub('', host, count=1)}{path}?{query}"
