"""What the demo promises on its screen, and that its copy is consistent with the values it states."""

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

from worker.newsroom.scenario import Edit, stated_revisions

NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def versions(demo):
    return [(a, old, new) for a in demo.articles for old, new in pairwise(a.versions)]


def without_figures(version):
    text = " ".join((version.title, *version.paragraphs)).lower()
    printed = {form.lower() for figure in version.figures.values() for form in (figure.text, figure.headline)}
    for form in sorted(printed, key=len, reverse=True):
        text = text.replace(form, " ")
    return text


def test_it_is_large_enough(demo):
    kinds = Counter(r.kind for _, old, new in versions(demo) for r in stated_revisions(old, new))
    assert len(demo.outlets) >= 6
    assert len({outlet.country for outlet in demo.outlets}) >= 6
    assert len(demo.articles) >= 40
    assert kinds.total() >= 25
    assert min(kinds.values()) >= 3
    assert len(kinds) == 3
    assert sum(new.cosmetic for _, _, new in versions(demo)) >= 10
    assert sum(len(article.versions) == 1 for article in demo.articles) >= 3


def test_it_plays_within_a_minute(demo):
    edits = [new.at for _, _, new in versions(demo)]
    assert max(article.versions[0].at for article in demo.articles) <= 8
    assert min(edits) >= 12
    assert max(edits) <= 42
    assert min(new.at - old.at for _, old, new in versions(demo)) >= 12


def test_every_kind_of_outlet_is_there(demo):
    for attribute in ("feed_format", "layout", "validators", "churn", "gzip"):
        assert len({getattr(outlet, attribute) for outlet in demo.outlets}) >= 2, attribute
    assert any(len(outlet.feeds) > 1 for outlet in demo.outlets)


def test_no_number_outside_a_named_figure_changes(demo):
    for article, old, new in versions(demo):
        before, after = (Counter(NUMBER.findall(without_figures(version))) for version in (old, new))
        assert before == after, f"{article.path}, version {new.number}"


def test_digits_agree_with_values(demo):
    """A figure printed in plain digits states the value it prints."""
    checked = 0
    for article, version in ((a, v) for a in demo.articles for v in a.versions):
        for figure in version.figures.values():
            for form in (figure.text, figure.headline):
                digits = NUMBER.search(form)
                if digits and not re.search(r"million|billion", form):
                    assert figure.low == Decimal(digits[0].replace(",", "")), f"{article.path}: {form}"
                    checked += 1
    assert checked > 100


def test_titles_begin_as_titles_do(demo):
    for article in demo.articles:
        for version in article.versions:
            assert not version.title[0].islower(), version.title


def test_only_the_time_line_edit_leaves_the_text_alone(demo):
    same = [new for _, old, new in versions(demo) if (old.title, old.paragraphs) == (new.title, new.paragraphs)]
    assert [version.edits for version in same] == [(Edit.TIME_LINE,)] * len(same)
    assert same
