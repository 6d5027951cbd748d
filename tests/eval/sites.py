"""Pages of ten invented outlets: articles of many makes, and what stands in an article's place.

The words are in gold/sites/sites.toml, one outlet for each language; here is how sites put such words into markup. Each
page comes with what is known when it is read: its address, its headers, the headline that the feed announced.
"""

# ruff: noqa: E501 - a line of markup is easiest to read as one

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold" / "sites" / "sites.toml"
HOST = "https://www.{language}.example"
PATH = "/2026/05/19/harbour-31877"


@dataclass(frozen=True)
class Page:
    kind: str  # the verdict
    language: str
    name: str  # of its make
    html: str
    expected: str = ""  # the headline of the feed
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    whole: bool = True

    @property
    def host(self):
        return HOST.format(language=self.language)


@dataclass(frozen=True)
class Outlet:
    """The words of one outlet, and the pieces of which its pages are made."""

    language: str
    words: dict[str, Any]

    def __getattr__(self, name):
        return self.words[name]

    @property
    def host(self):
        return HOST.format(language=self.language)

    def head(self, title, *extra):
        meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        return f"<head>{meta}<title>{title}</title>{''.join(extra)}</head>"

    def page(self, title, body, *extra, attributes=""):
        return (
            f'<!doctype html>\n<html lang="{self.language}">{self.head(title, *extra)}'
            f"<body {attributes}>{body}</body></html>"
        )

    def nav(self):
        return "<nav>" + "".join(f'<a href="/{n}">{word}</a> ' for n, word in enumerate(self.menu)) + "</nav>"

    def cards(self, count=10, tag="div"):
        made = (
            f'<{tag} class="c-{n % 3}"><a href="/2026/05/{n + 3}/{n * 731 + 1200}"><img src="/i/{n}.jpg" alt="">'
            f"<span>{headline}</span></a></{tag}>"
            for n, headline in enumerate((self.headlines * 4)[:count])
        )
        return f'<div class="grid">{"".join(made)}</div>'

    def shell(self, title, main, *extra, cards=6):
        """A page with everything that a site puts around."""
        top = f'<header><a href="/"><img src="/logo.svg" alt="{self.site}"></a>{self.nav()}</header>'
        search = '<form action="/search" role="search"><input name="q"></form>'
        foot = f'<footer><p>© 2026 {self.site}</p><a href="/about">i</a></footer>'
        return self.page(title, f"{top}{search}<main>{main}</main>{self.cards(cards)}{foot}", *extra)


def outlets():
    for language, words in tomllib.loads(GOLD.read_text(encoding="utf-8")).items():
        yield Outlet(language, words)


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def canonical(href):
    return f'<link rel="canonical" href="{href}">'


def ld(**node):
    node = {"@context": "https://schema.org", **node}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


NOINDEX = '<meta name="robots" content="noindex, nofollow">'
EMAIL = '<form action="/letters"><input type="email" name="e"><button>→</button></form>'
PASSWORD = '<form method="post"><input type="email" name="e"><input type="password" name="p"><button>→</button></form>'


# --- what stands in an article's place ---------------------------------------------------------------


def gone(o):
    window, heading, text = o.gone
    said = f"<h1>{heading}</h1><p>{text}</p>"
    yield "bare", o.page(f"{window} | {o.site}", f'{said}<a href="/">{o.site}</a>'), {}
    yield "in the site", o.shell(o.site, said, NOINDEX), {}
    yield "application", o.page(o.site, f'<div id="app"><div class="x1"><h2>{heading}</h2>{text}</div></div>'), {}
    front = canonical(o.host + "/")
    yield "canonical home", o.shell(o.site, f"<div>{said}</div>", front, meta("og:type", "website"), cards=10), {}


def blocked(o):
    window, heading, text = o.blocked
    said = f"<h1>{heading}</h1><p>{text}</p>"
    cloudflare = (
        f"<h1>{o.language}.example</h1><h2>{heading}</h2><p>{text}</p>"
        "<script>window._cf_chl_opt={cRay:'8f1c'};</script>"
        '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=8f1c"></script>'
    )
    yield "cloudflare", o.page(window, cloudflare, NOINDEX), {}
    turnstile = f'{said}<form><div data-sitekey="0x4A"></div></form><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
    yield "turnstile", o.page(window, turnstile), {}
    datadome = (
        f"<p>{text}</p><script>var dd={{'cid':'AHrl','hsh':'A5','t':'bv','host':'geo.captcha-delivery.com'}}</script>"
        '<script src="https://ct.captcha-delivery.com/i.js"></script>'
    )
    yield "datadome", o.page(f"{o.language}.example", datadome), {"headers": {"x-datadome": "protected"}}
    imperva = f'{said}<iframe src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=5" width="100%"></iframe>'
    yield "imperva", o.page("", imperva, '<META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">'), {}
    human = f'{said}<div id="px-x"></div><script>window._pxAppId="PX1";window._pxUuid="7d"</script><script src="/PX1/captcha/captcha.js"></script>'
    yield "human", o.page(window, human), {}
    amazon = '<div id="c"></div><script>window.awsWafCookieDomainList=[];window.gokuProps={"key":"AQ"}</script><script src="https://x.token.awswaf.com/x/challenge.js"></script>'
    yield "aws", o.page("", amazon + f"<noscript><h1>{heading}</h1>{text}</noscript>"), {}
    hcaptcha = f'{said}<form method="post"><div data-sitekey="a1"></div></form><script src="https://js.hcaptcha.com/1/api.js" async></script>'
    yield "hcaptcha", o.page(o.site, hcaptcha), {}
    yield "own", o.page(window, f"<div><h1>{heading}</h1><p>{text}</p><small>ID 18.4f2e1502.1747</small></div>"), {}


def consent(o):
    window, heading, text, yes, no = o.consent
    buttons = f"<button>{yes}</button><button>{no}</button>"
    own = f'<h1>{heading}</h1><p>{text}</p><form method="post" action="/agree">{buttons}</form>'
    yield "own", o.page(f"{window} | {o.site}", own), {}
    yield "own host", o.page(window, own), {"url": f"https://consent.{o.language}.example/v2?return=x"}
    frame = f'<div id="sp_message_container_812"><iframe src="https://cdn.privacy-mgmt.com/index.html" title="{heading}"></iframe></div><p>{text}</p>'
    yield "sourcepoint", o.page(o.site, frame), {}
    quantcast = (
        f'<div class="qc-cmp2-container"><div class="qc-cmp2-main"><h2>{heading}</h2><p>{text}</p>{buttons}</div></div>'
    )
    yield "quantcast", o.page(o.site, quantcast), {}
    didomi = f'<div id="didomi-host"><div class="didomi-popup-container"><h1>{heading}</h1><p>{text}</p>{buttons}</div></div>'
    yield "didomi", o.page(o.site, didomi), {}
    offer = f'<main class="pur"><h1>{heading}</h1><p>{text}</p><a href="/pur">2,99</a>{buttons}<a href="/login">·</a></main>'
    yield "pay or agree", o.page(o.site, offer, NOINDEX), {}
    trust = f'<div id="usercentrics-root" data-created-at="1"></div><section><h1>{heading}</h1><p>{text}</p></section><script src="https://app.usercentrics.eu/browser-ui/latest/loader.js"></script>'
    yield "usercentrics", o.page(o.site, trust), {}


def paywall(o):
    offer, price, plans = o.wall
    lead = o.text[0]
    box = f"<h2>{offer}</h2><p>{price}</p><a href='/offer'>{plans}</a>"
    not_free = ld(
        **{"@type": "NewsArticle"}, headline=o.title, isAccessibleForFree=False,
        hasPart={"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".rest"},
    )  # fmt: skip
    own = {"expected": o.title}
    story = f"<article><h1>{o.title}</h1><p>{lead}</p>"
    yield "declared", o.shell(f"{o.title} - {o.site}", f"{story}</article>{box}", not_free), own
    yield "part declared", o.shell(
        o.title,
        f"{story}<p>{o.text[1]}</p><div class='rest'></div></article><div>{box}</div>",
        ld(**{"@type": "NewsArticle"}, headline=o.title, hasPart=[{"isAccessibleForFree": False, "cssSelector": ".rest"}]),
    ), own  # fmt: skip
    yield (
        "piano",
        o.shell(f"{o.title} - {o.site}", f'{story}</article><div class="tp-container-inner">{box}</div>'),
        own,
    )
    fade = f'{story}<div class="fade-out paywall-gradient"></div></article><section data-paywall="1">{box}{PASSWORD}</section>'
    yield "password", o.shell(o.title, fade, meta("og:type", "article")), own
    metered = f"{story[:-4]}…</p></article><section><h2>{offer}</h2><p>{price}</p>{PASSWORD}</section>"
    yield "unnamed", o.shell(o.title, metered, meta("article:content_tier", "locked")), own


def wrong_page(o):
    yield "front", o.shell(o.site, o.cards(30, "article"), canonical(o.host + "/")), {}
    yield "front without name", o.shell(f"{o.site} – {o.menu[1]}", o.cards(14, "li")), {}
    yield (
        "section",
        o.shell(
            f"{o.menu[2]} | {o.site}",
            f"<h1>{o.menu[2]}</h1>{o.cards(12)}",
            meta("og:type", "website"),
            canonical(f"{o.host}/section"),
        ),
        {},
    )
    summed = "".join(
        f"<li><h3><a href='/{n}/1'>{h}</a></h3><p>{o.text[n % 5]}</p></li>" for n, h in enumerate(o.headlines)
    )
    yield "with summaries", o.shell(o.site, f"<ul>{summed}</ul>", meta("og:type", "website")), {}
    other = f"<article><h1>{o.brief[0]}</h1><p>{o.brief[1]}</p><p>{o.about[1]}</p></article>"
    node = ld(**{"@type": "NewsArticle"}, headline=o.brief[0])
    yield (
        "another story",
        o.shell(f"{o.brief[0]} | {o.site}", other, node, canonical(f"{o.host}/2026/05/crane-99")),
        {"url": f"{o.host}/2026/05/crane-99"},
    )
    window, heading, text, button = o.login
    form = f"<h1>{heading}</h1><p>{text}</p>{PASSWORD}<button>{button}</button>"
    yield "log in", o.page(f"{window} | {o.site}", form, NOINDEX), {}
    yield "log in in the site", o.shell(window, form), {"url": f"{o.host}/account?next=x"}


def maintenance(o):
    window, heading, text = o.down
    said = f"<h1>{heading}</h1><p>{text}</p>"
    yield "bare", o.page(window, said), {}
    yield (
        "styled",
        o.page(
            window, f'<div class="center"><img src="/logo.svg"><div>{said}</div></div>', "<style>body{margin:0}</style>"
        ),
        {},
    )
    yield "retry", o.page(window, f"<main>{said}</main>", NOINDEX), {"headers": {"retry-after": "3600"}}
    yield "refreshes", o.page(window, said, '<meta http-equiv="refresh" content="30">'), {}


def broken(o):
    """Errors of servers, which speak English everywhere."""
    yield (
        "varnish",
        o.page(
            "503 Backend fetch failed",
            "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3><p>XID: 33</p>",
        ),
        {},
    )
    yield (
        "php",
        f"<html><body>{o.site}<br /><b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/www/db.php:31</body></html>",
        {},
    )
    yield (
        "nginx",
        "<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center></body></html>",
        {},
    )


def empty(o):
    yield "application", o.page(o.site, '<div id="root"></div><script src="/main.8f.js"></script>'), {}
    yield "skeleton", o.page(o.site, f'<header>{o.nav()}</header><main><div class="skeleton"></div></main>'), {}
    yield "nothing", "", {}


def failed(o):
    data = json.dumps({"props": {"story": {"title": o.title, "body": o.text}}}, ensure_ascii=False)
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    named = meta("og:type", "article") + meta("og:title", o.title)
    yield (
        "in a script",
        o.page(f"{o.title} | {o.site}", f'<div id="__next"></div>{script}', named),
        {"expected": o.title},
    )


def not_html(o):
    yield (
        "json",
        json.dumps({"title": o.title, "body": o.text}, ensure_ascii=False),
        {"headers": {"content-type": "application/json"}},
    )
    yield "text", "\n\n".join(o.text), {"headers": {"content-type": "text/plain"}}


def incomplete(o):
    made = o.shell(o.title, f"<article><h1>{o.title}</h1>{paragraphs(o.text)}</article>", meta("og:type", "article"))
    yield "cut", made[: made.index(o.text[2]) + 30], {"whole": False, "expected": o.title}


# --- articles ----------------------------------------------------------------------------------------


def article(o):
    """(make, page, what is known of it)."""
    story = f"<h1>{o.title}</h1>{paragraphs(o.text)}"
    as_is, reworded = {"expected": o.title}, {"expected": o.feed}
    news = meta("og:type", "article")
    yield "plain", o.page(o.title, story), as_is
    yield "plain, reworded", o.page(o.title, story), reworded
    yield "in the site", o.shell(f"{o.title} | {o.site}", f"<article>{story}</article>", news), reworded
    node = ld(**{"@type": "NewsArticle"}, headline=o.title, isAccessibleForFree=False, articleBody=o.text[0])
    yield "paid for, whole", o.shell(o.title, f"<article>{story}</article>", node), as_is
    forms = f"<article>{story}{EMAIL}</article><div class='account'>{PASSWORD}</div>"
    yield "forms", o.shell(o.title, forms, news, cards=30), as_is
    vendors = (
        '<div id="didomi-host"></div><div id="onetrust-banner-sdk"></div><div class="g-recaptcha"></div>'
        '<script src="https://ct.captcha-delivery.com/tags.js"></script>'
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
        '<script src="https://cdn.privacy-mgmt.com/unified/wrapperMessagingWithoutDetection.js"></script>'
    )
    yield "vendors", o.shell(o.title, f"<article>{story}</article>{vendors}", cards=12), as_is
    wall = f'<article>{story}</article><div class="paywall-overlay"><h2>{o.wall[0]}</h2><p>{o.wall[1]}</p></div>'
    yield "offer below", o.shell(o.title, wall, news), as_is
    yield "not indexed", o.shell(o.title, f"<article>{story}</article>", NOINDEX), reworded
    yield "canonical home", o.shell(o.title, f"<article>{story}</article>", canonical(o.host + "/")), as_is
    yield "titled as site", o.shell(o.site, f"<article>{story}</article>", meta("og:type", "website")), as_is
    yield "moved", o.shell(o.title, f"<article>{story}</article>", news), {**as_is, "url": f"{o.host}/port/31877"}
    cells = "".join(f"<tr><td>{h.split()[0]}</td><td>{n * 37 + 11}</td></tr>" for n, h in enumerate(o.headlines))
    yield (
        "table",
        o.shell(o.title, f"<article><h1>{o.title}</h1><table>{cells}</table><p>{o.text[0]}</p></article>"),
        as_is,
    )
    posts = "".join(
        f"<article><time>1{n}:40</time><h3>{h}</h3><p>{o.text[n % 5]}</p></article>" for n, h in enumerate(o.headlines)
    )
    live = ld(**{"@type": "LiveBlogPosting"}, headline=o.title)
    yield "live", o.shell(o.title, f"<h1>{o.title}</h1>{posts}", live), as_is
    yield "live, unmarked", o.shell(o.title, f"<h1>{o.title}</h1>{posts}"), as_is
    title, text = o.brief
    flash = f"<h1>{title}</h1><p>{text}</p>"
    announced = {"expected": title}
    yield "brief, bare", o.page(f"{title} - {o.site}", flash), announced
    yield "brief, in the site", o.shell(f"{title} - {o.site}", f"<article>{flash}</article>", cards=20), announced
    yield "brief, marked", o.shell(title, f"<article>{flash}</article>", news), announced
    yield "brief, with form", o.shell(title, f"<article>{flash}{EMAIL}</article>", cards=12), announced
    yield (
        "brief, dated",
        o.page(title, f'<h1>{title}</h1><time datetime="2026-05-19T09:40:00+02:00">9:40</time><p>{text}</p>'),
        announced,
    )
    about = f"<h1>{o.about[0]}</h1>{paragraphs(o.about[1:])}"
    yield "about walls, bare", o.page(o.about[0], about), {"expected": o.about[0]}
    yield "about walls, in the site", o.shell(o.about[0], f"<article>{about}</article>", news), {"expected": o.about[0]}


NOTICES = (gone, blocked, consent, paywall, wrong_page, maintenance, empty, failed, not_html, incomplete)


def pages():
    """Every page, with everything known that is known in service."""
    for outlet in outlets():
        for make in (*NOTICES, article):
            for name, html, known in make(outlet):
                yield _page(make.__name__, outlet, name, html, known)
        if outlet.language in {"en", "el"}:
            for name, html, known in broken(outlet):
                yield _page("maintenance", outlet, name, html, known)


def _page(kind, outlet, name, html, known):
    known = {"expected": outlet.title, "url": outlet.host + PATH, **known}
    return Page(kind, outlet.language, name, html, **known)
