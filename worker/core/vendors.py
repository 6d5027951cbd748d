"""How products that stand between a page and its readers give themselves away in its markup.

Each row: what to look for (a part of an address, of an id or class, or of a script), whose it is, and whether the page
is then nothing but that (`ALONE`) or carries it as many articles do (`BESIDE`). Tag managers, login forms and comment
forms of ordinary articles load the same scripts, so the latter only counts where there is little else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.model import Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """A product found in a page."""

    product: str
    verdict: Verdict
    alone: bool  # no article carries it


_ALONE, _BESIDE = True, False
_BLOCKED, _CONSENT, _PAYWALL = Verdict.BLOCKED, Verdict.CONSENT, Verdict.PAYWALL

_TABLE: tuple[tuple[str, str, Verdict, bool], ...] = (
    # What serves a puzzle or a refusal.
    (r"_cf_chl_opt|cf[-_]chl[-_]|/cdn-cgi/challenge-platform/h/|cf-error-details", "Cloudflare", _BLOCKED, _ALONE),
    (r"challenge-(?:form|running|error)", "Cloudflare", _BLOCKED, _BESIDE),
    (r"cf-turnstile|challenges\.cloudflare\.com", "Cloudflare Turnstile", _BLOCKED, _BESIDE),
    (r"var dd ?= ?\{[^}]*captcha-delivery", "DataDome", _BLOCKED, _ALONE),
    (r"captcha-delivery|datadome", "DataDome", _BLOCKED, _BESIDE),
    (r"_Incapsula_Resource\?\w*SWUDNSAI|[?&]incident_id=", "Imperva", _BLOCKED, _ALONE),
    (r"_?Incapsula_", "Imperva", _BLOCKED, _BESIDE),
    (r"px-captcha|/captcha/captcha\.js|_pxUuid", "HUMAN", _BLOCKED, _ALONE),
    (r"gokuProps|awsWafCookieDomainList", "AWS WAF", _BLOCKED, _ALONE),
    (r"aws-?waf", "AWS WAF", _BLOCKED, _BESIDE),
    (r"sec-if-cpt|bm-verify|akamai-?challenge", "Akamai", _BLOCKED, _ALONE),
    (r"KPSDK|/ips\.js\?", "Kasada", _BLOCKED, _ALONE),
    (r"sucuri_cloudproxy_js|ddos-guard/js-challenge|distil_r_captcha|ddg-captcha", "a web firewall", _BLOCKED, _ALONE),
    (r"hcaptcha\.com|h-captcha", "hCaptcha", _BLOCKED, _BESIDE),
    (r"g-recaptcha|recaptcha/(?:api|enterprise)|captcha-container", "reCAPTCHA", _BLOCKED, _BESIDE),
    # What asks for consent.
    (r"sp_message_(?:container|iframe)|privacy-mgmt\.com", "Sourcepoint", _CONSENT, _BESIDE),
    (r"qc-cmp2|quantcast", "Quantcast", _CONSENT, _BESIDE),
    (r"didomi", "Didomi", _CONSENT, _BESIDE),
    (r"onetrust|optanon", "OneTrust", _CONSENT, _BESIDE),
    (r"usercentrics|cookiebot", "Usercentrics", _CONSENT, _BESIDE),
    (r"fc-consent-root|fundingchoices", "Google Funding Choices", _CONSENT, _BESIDE),
    (r"truste_|trustarc|cmpbox|consentmanager|iubenda|axeptio|contentpass", "a consent manager", _CONSENT, _BESIDE),
    # What asks for money.
    (r"tp-(?:modal|container|iframe)|piano-|tinypass", "Piano", _PAYWALL, _BESIDE),
    (r"pay-?wall|reg-?wall|subscri(?:be|ption)-|meter(?:ed|ing)", "a wall", _PAYWALL, _BESIDE),
    (r"poool|zephr|leaky-?pay|swg-|evolok", "a wall", _PAYWALL, _BESIDE),
)
_MARKS = tuple(
    (re.compile(cue, re.IGNORECASE), Mark(product, kind, alone)) for cue, product, kind, alone in _TABLE
)  # fmt: skip


def found(names: str) -> tuple[Mark, ...]:
    """The products whose marks are in what a page names: its ids, classes, addresses and scripts."""
    return tuple(mark for cue, mark in _MARKS if cue.search(names))
