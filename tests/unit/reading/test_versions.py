from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core import doubts, versions
from worker.core.text import content_hash
from worker.model import Doubt, Extract, HeldText, Recent, StoredVersion, Verdict

SEEN = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEXT = "At least 42 houses were destroyed on Monday.\n\nSome 1,300 people were taken to schools."


def stored(title="Flood", text=TEXT, extractor="x 1"):
    return StoredVersion(
        version_id=7,
        ordinal=3,
        title=title,
        text=text,
        content_hash=content_hash(title, text),
        extractor=extractor,
        first_seen_at=SEEN - timedelta(days=1),
        last_seen_at=SEEN - timedelta(hours=1),
    )


def extract(title="Flood", text=TEXT, verdict=Verdict.ARTICLE, extractor="x 1"):
    return Extract(verdict, title, text, extractor=extractor, detail="why")


def decide(before, found, *, whole=True, seen_at=SEEN):
    return versions.decide(before, found, seen_at=seen_at, whole=whole)


def test_the_first_version():
    assert decide(None, extract()) == versions.New(None, 1, None, content_hash("Flood", TEXT))


def test_the_same_text_is_seen_again():
    assert decide(stored(), extract(text=TEXT.replace(" ", "\xa0"))) == versions.Seen(7)


def test_a_changed_figure_is_a_new_version():
    found = decide(stored(), extract(text=TEXT.replace("42", "43")))
    assert (found.previous_version_id, found.ordinal, found.changed_after) == (7, 4, SEEN - timedelta(hours=1))


def test_a_changed_title_is_a_new_version():
    assert isinstance(decide(stored(), extract(title="Flood kills 3")), versions.New)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.ARTICLE])
@pytest.mark.parametrize("before", [None, stored()], ids=["first", "later"])
def test_what_is_no_article_makes_no_version(verdict, before):
    assert decide(before, extract(text="", verdict=verdict)) == versions.Held(f"{verdict}: why")


def test_a_shorter_text_without_proved_end_is_held():
    assert isinstance(decide(stored(), extract(text=TEXT[:50]), whole=False), versions.Held)


def test_a_shorter_text_whose_end_is_proved_is_new():
    assert isinstance(decide(stored(), extract(text=TEXT[:50])), versions.New)


def test_a_slightly_shorter_text_without_proved_end_is_new():
    assert isinstance(decide(stored(), extract(text=TEXT.replace("Some 1,300", "1,300")), whole=False), versions.New)


def test_a_capture_older_than_the_newest_version_is_held():
    earlier = SEEN - timedelta(hours=2)
    assert isinstance(decide(stored(), extract(text="Other."), seen_at=earlier), versions.Held)


def test_another_extractor_shows():
    assert decide(stored(), extract(text="Other.", extractor="x 2")).reread
    assert not decide(stored(), extract(text="Other.")).reread
    assert decide(stored(), extract(extractor="x 2")) == versions.Seen(7)


UNLIKELY = Extract(Verdict.ARTICLE, "Gone", "Whatever was here has left.", extractor="x 1", doubt="an article? no date")
HASH = content_hash("Gone", "Whatever was here has left.")


def waiting(visits=1):
    return HeldText(HASH, Doubt.UNLIKELY, SEEN - timedelta(hours=1), SEEN - timedelta(hours=1), visits)


def decide_with(recent, before=None, found=UNLIKELY):
    return versions.decide(before, found, seen_at=SEEN, whole=True, recent=recent)


def test_a_page_that_may_be_no_article_waits_for_another_visit():
    first = decide_with(Recent())
    assert (first.text.doubt, first.text.visits, first.reason) == (Doubt.UNLIKELY, 1, "unlikely: an article? no date")
    assert isinstance(decide_with(Recent(held=waiting())), versions.New)


def test_what_other_articles_show_too_is_never_believed():
    found = decide_with(Recent(held=waiting(visits=9), elsewhere=frozenset({HASH})))
    assert (found.text.doubt, found.text.visits) == (Doubt.SHARED, 10)
    again = decide_with(Recent(held=found.text))
    assert again.text.doubt is Doubt.SHARED


def test_the_known_text_speaks_for_a_page_whatever_it_looks_like():
    found = extract(text=TEXT.replace("42", "43"))
    assert isinstance(decide_with(Recent(), stored(), replace(found, doubt="an article?")), versions.New)
    assert isinstance(decide_with(Recent(), stored()), versions.Held)


FLASH = {
    "en": "Two workers were hurt when a crane toppled at the north quay on Friday, the fire service said.",
    "ru": "Двое рабочих ранены при падении крана на северном причале в пятницу, сообщили пожарные.",
    "ar": "أصيب عاملان بجروح صباح الجمعة حين سقطت رافعة على الرصيف الشمالي، حسب فرق الإطفاء.",
    "ja": "金曜日の朝、北岸壁でクレーンが倒れ、作業員2人がけがをしたと消防が発表した。",
}


@pytest.mark.parametrize("other", ["ru", "ar", "ja"])
def test_a_flash_in_another_script_is_a_variant(other):
    for before, after in ((FLASH["en"], FLASH[other]), (FLASH[other], FLASH["en"])):
        found = decide_with(Recent(), stored(text=before), extract(text=after))
        assert found.text.doubt is Doubt.UNRELATED


@pytest.mark.parametrize("language", FLASH)
def test_a_flash_may_become_anything_in_its_script(language):
    told = FLASH[language]
    assert isinstance(decide_with(Recent(), stored(text=told), extract(text=f"{told[::-1]} {told}")), versions.New)


STUB = "Fire broke out at the oil depot in Tamar. Some 12 tanks were burning on Monday night."
LATER = "Fire broke out at the oil depot in Tamar. Some 19 tanks were burning on Monday night."


def doubted(text, **changes):
    return replace(UNLIKELY, text=text, title="Fire at the depot", **changes)


def held_as(page):
    hash_ = content_hash(page.title, page.text)
    at = SEEN - timedelta(hours=1)
    return HeldText(hash_, Doubt.UNLIKELY, at, at, 1, doubts.sketch(page.text))


def confirmed(first, second, before=None, **known):
    return versions.confirmed(before, first, second, Recent(held=held_as(first), **known))


def test_a_doubted_page_that_changes_confirms_what_it_showed_before():
    found = confirmed(doubted(STUB), doubted(LATER))
    assert (found.ordinal, found.previous_version_id, found.changed_after) == (1, None, None)
    assert found.content_hash == content_hash("Fire at the depot", STUB)


def test_behind_a_version_it_is_the_next():
    found = confirmed(doubted(STUB), doubted(LATER), stored())
    assert (found.ordinal, found.previous_version_id) == (stored().ordinal + 1, 7)


@pytest.mark.parametrize(
    ("second", "known"),
    [
        (doubted(STUB), {}),  # confirms itself
        (doubted("The harbour was closed on Tuesday. Nobody was hurt when a crane fell."), {}),
        (doubted(LATER, canonical_url="https://other.example/"), {}),
        (doubted(LATER, language="fr"), {}),
        (replace(doubted(LATER), verdict=Verdict.GONE), {}),
        # A sentence of it stands at another article of the host: the site's own.
        (doubted(LATER), {"sketches": frozenset(doubts.sketch(f"Another page. {LATER}"))}),
    ],
)
def test_other_pages_confirm_nothing(second, known):
    assert confirmed(doubted(STUB), second, **known) is None


def test_without_a_sentence_nothing_is_confirmed():
    assert confirmed(doubted("Request 41 – no such thing"), doubted("Request 42 – no such thing")) is None
