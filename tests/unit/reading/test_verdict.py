from itertools import pairwise

import pytest

from worker.core import extraction
from worker.model import Verdict

URL = "https://news.example/2026/05/flood"
NAV = "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a></nav>"
STORY = (
    "<p>At least 42 houses were destroyed when the river burst its banks on Monday, the district governor said.</p>"
    "<p>Some 1,300 people were taken to schools and sports halls. The army sent 25 lorries and two helicopters.</p>"
    "<p>Forecasters expect another 30 millimetres of rain by Wednesday night, after which the water should fall.</p>"
)
ARTICLE_TYPE = "<meta property='og:type' content='article'>"


def page(title, body, *, head="", lang="en"):
    head = f"<meta charset='utf-8'><title>{title}</title>{head}"
    return f"<!DOCTYPE html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>"


def verdict(html, *, url=URL, headers=None, whole=True):
    return extraction.extract(html.encode(), headers=headers or {}, url=url, whole=whole)


CHALLENGES = [
    page("Just a moment...", "<div id='challenge-error-text'>Enable JavaScript and cookies to continue</div>"),
    page("Attention Required! | Cloudflare", "<div id='cf-error-details'><h1>Sorry, you have been blocked</h1></div>"),
    page("news.example", "<iframe src='https://geo.captcha-delivery.example/captcha/' id='datadome-frame'></iframe>"),
    page("Access to this page has been denied", "<div id='px-captcha'></div><p>Press and hold to confirm.</p>"),
    page("Pardon Our Interruption", "<p>Something about your browser made us think you were a bot.</p>"),
    page("Are you a robot?", "<p>Please click the box below to let us know you are not a robot.</p>"),
    page("Nur einen Moment…", "<div class='cf-chl-widget'></div>", lang="de"),
    page("请稍候…", "<div id='challenge-running'></div>", lang="zh"),
]


@pytest.mark.parametrize("html", CHALLENGES)
def test_challenges_are_blocked(html):
    assert verdict(html).verdict is Verdict.BLOCKED


def test_the_header_of_a_challenge_is_enough():
    found = verdict(page("Flood", STORY), headers={"cf-mitigated": "challenge"})
    assert (found.verdict, found.detail) == (Verdict.BLOCKED, "cf-mitigated: challenge")


CONSENT = [
    (
        "Before you continue",
        "We use cookies and data to deliver and maintain our services. Accept all. Reject all.",
        "en",
    ),
    ("Bevor Sie fortfahren", "Wir und unsere 243 Partner verwenden Cookies. Alle akzeptieren. Einstellungen.", "de"),
    ("Avant de continuer", "Nous utilisons des cookies pour mesurer l'audience. Tout accepter. Tout refuser.", "fr"),
    ("Antes de continuar", "Utilizamos cookies propias y de terceros. Aceptar todo. Rechazar todo.", "es"),
    ("Prima di continuare", "Utilizziamo cookie e dati per offrire i nostri servizi. Accetta tutto.", "it"),
    ("Voordat je verdergaat", "Wij gebruiken cookies om de site te verbeteren. Alles accepteren.", "nl"),
    ("Gizlilik ayarları", "Size daha iyi hizmet sunmak için çerez kullanıyoruz. Tümünü kabul et.", "tr"),
]


@pytest.mark.parametrize(("title", "text", "lang"), CONSENT, ids=[c[2] for c in CONSENT])
def test_consent_pages(title, text, lang):
    assert verdict(page(title, f"<div class='dialog'><p>{text}</p></div>", lang=lang)).verdict is Verdict.CONSENT


def test_a_consent_host_and_cookies_are_consent():
    found = verdict(
        page("News", "<p>Choose which cookies we may set.</p>"), url="https://consent.news.example/collect?x=1"
    )
    assert found.verdict is Verdict.CONSENT


GONE = [
    ("404", "en"), ("404 - Page not found | The Herald", "en"), ("Page not found", "en"), ("Error 404", "en"),
    ("This article is no longer available", "en"), ("Seite nicht gefunden", "de"),
    ("Artikel nicht verfügbar", "de"), ("Page introuvable", "fr"), ("Página no encontrada", "es"),
    ("Pagina non trovata", "it"), ("Sayfa bulunamadı", "tr"), ("Страница не найдена", "ru"),
    ("Página não encontrada", "pt"), ("الصفحة غير موجودة", "ar"), ("ページが見つかりません", "ja"),
    ("페이지를 찾을 수 없습니다", "ko"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "lang"), GONE)
def test_pages_that_say_with_200_that_they_are_gone(title, lang):
    body = f"{NAV}<h1>{title}</h1><p>Sorry. Try the search, or go to our front page for the latest news.</p>"
    assert verdict(page(title, body, lang=lang)).verdict is Verdict.GONE


FRONT = "".join(f"<h3><a href='/{n}'>Story number {n} of the day in brief</a></h3>" for n in range(60))


def test_the_front_page_for_an_article():
    assert verdict(page("The Herald", FRONT), url="https://news.example/").verdict is Verdict.WRONG_PAGE


def test_a_page_that_names_the_front_page_as_its_address():
    head = "<link rel='canonical' href='https://news.example/'>"
    assert verdict(page("The Herald", FRONT, head=head)).verdict is Verdict.WRONG_PAGE


def free(value):
    node = f'{{"@type":"NewsArticle","headline":"Flood","isAccessibleForFree":{value}}}'
    return f'<script type="application/ld+json">{node}</script>'


def test_a_teaser_behind_a_paywall():
    html = page("Flood", "<article><p>At least 42 houses were destroyed on Monday.</p></article>", head=free("false"))
    assert verdict(html).verdict is Verdict.PAYWALL


def test_the_whole_text_in_spite_of_a_paywall_is_an_article():
    html = page("Flood", f"<article>{STORY}{STORY.replace('Monday', 'Tuesday')}</article>", head=free('"False"'))
    assert verdict(html).verdict is Verdict.ARTICLE


@pytest.mark.parametrize(
    ("body", "headers", "detail"),
    [
        (b"%PDF-1.7\n...", {"content-type": "text/html"}, "PDF"),
        (b"\x89PNG\r\n\x1a\n", {}, "PNG image"),
        (b"\x1f\x8b\x08\x00\x00", {"content-type": "text/html"}, "gzip, undeclared"),
        (b'{"error": "not found"}', {"content-type": "application/json"}, "application/json"),
        (b"plain words", {"content-type": "text/plain"}, "no HTML tag in the first 64 KB"),
    ],
)
def test_what_is_no_html(body, headers, detail):
    found = extraction.extract(body, headers=headers, url=URL)
    assert (found.verdict, found.detail) == (Verdict.NOT_HTML, detail)


@pytest.mark.parametrize("body", [b"", b"  \n", b"<html><body></body></html>", b"<html><!-- nothing --></html>"])
def test_empty_pages(body):
    assert extraction.extract(body, headers={}, url=URL).verdict is Verdict.EMPTY


def test_a_headline_without_text_is_a_failure_of_ours():
    html = page("Flood destroys 42 houses", "<article><h1>Flood destroys 42 houses</h1></article>", head=ARTICLE_TYPE)
    assert verdict(html).verdict is Verdict.FAILED


def test_a_body_without_proved_end_must_end_its_markup():
    html = page("Flood", f"<article>{STORY}</article>")
    assert verdict(html, whole=False).verdict is Verdict.ARTICLE
    assert verdict(html[:-30], whole=False).verdict is Verdict.INCOMPLETE
    assert verdict(html[:-30], whole=True).verdict is Verdict.ARTICLE


LOOKALIKES = [
    page(
        "Why every site asks before you continue: cookies explained", f"<article>{STORY}</article>", head=ARTICLE_TYPE
    ),
    page("Are you a robot? Chess champion beats 40 machines", f"<article>{STORY}</article>", head=ARTICLE_TYPE),
    page("Page not found: the lost diary of 1912", f"<article>{STORY}</article>", head=ARTICLE_TYPE),
    page("Access denied: 300 journalists refused at summit", f"<article>{STORY}</article>", head=ARTICLE_TYPE),
    page("Peugeot 404 turns 60", f"<article>{STORY}</article>"),
    page("Flood", f"<article>{STORY}</article><div class='g-recaptcha'></div><form id='comment'></form>"),
    page("Flood", f"<div id='cookie-banner'>We use cookies.</div><article>{STORY}</article>"),
    page("Flash: 3 dead in quake", "<article><p>Three people died in a quake in the north, police say.</p></article>"),
]


@pytest.mark.parametrize("html", LOOKALIKES)
def test_articles_that_look_like_notices(html):
    assert verdict(html).verdict is Verdict.ARTICLE


def test_a_short_text_grows_without_changing_its_verdict():
    texts = [f"<article>{'<p>Police say that 3 people died in the quake.</p>' * n}</article>" for n in range(1, 30, 4)]
    found = [verdict(page("Quake", text)) for text in texts]
    assert {f.verdict for f in found} == {Verdict.ARTICLE}
    assert all(len(a.text) < len(b.text) for a, b in pairwise(found))


# --- signs beside the words --------------------------------------------------------------------------

SHELL = page("Herald", "<h1>A moment, please</h1><p>The machine behind this site is thinking. Come by later.</p>")


def judged(html, **known):
    return extraction.extract(html.encode(), headers={}, url=URL, **known)


def test_a_notice_in_words_that_nobody_collected_is_not_what_was_announced():
    assert judged(SHELL).verdict is Verdict.ARTICLE
    assert judged(SHELL, expected="River floods 42 houses").verdict is Verdict.WRONG_PAGE


@pytest.mark.parametrize("expected", ["Dozens of houses destroyed", "Houses flooded", "Governor: 42 homes gone"])
def test_an_article_may_have_another_headline_than_was_announced(expected):
    assert judged(page("Flood", f"<article>{STORY}</article>"), expected=expected).verdict is Verdict.ARTICLE


def test_another_headline_without_a_word_in_common_does_not_make_a_long_text_a_notice():
    html = page("Flood", f"<article>{STORY * 4}</article>")
    assert judged(html, expected="Totally unrelated words").verdict is Verdict.ARTICLE


def test_the_same_bytes_at_other_addresses_are_no_article():
    found = judged(SHELL, twins=1)
    assert (found.verdict, found.detail) == (Verdict.MAINTENANCE, "the same bytes at 1 other addresses of the host")
    assert judged(page("Flood", f"<article>{STORY * 9}</article>"), twins=2).verdict is Verdict.MAINTENANCE


def test_one_article_at_two_addresses_is_an_article():
    long, marked = page("Flood", f"<article>{STORY * 9}</article>"), page("Flood", STORY, head=ARTICLE_TYPE)
    assert judged(long, twins=1).verdict is Verdict.ARTICLE
    assert judged(marked, twins=5).verdict is Verdict.ARTICLE


def test_a_list_of_stories_under_another_title():
    html = page("The Herald", FRONT)
    assert judged(html, expected="Minister resigns over pension").verdict is Verdict.WRONG_PAGE


def test_a_notice_in_a_dialog_is_seen_although_dialogs_are_no_text():
    text = "<p>We and our 812 partners store cookies. Accept all.</p>"
    body = f"<div role='dialog'><h2>We value your privacy</h2>{text}</div>"
    assert judged(page("Herald", body)).verdict is Verdict.CONSENT


def test_a_site_that_is_down():
    html = page("Herald", "<h1>We'll be back soon</h1><p>The site is down for maintenance. Please try again.</p>")
    assert judged(html).verdict is Verdict.MAINTENANCE
