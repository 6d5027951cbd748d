from decimal import Decimal
from itertools import pairwise

import pytest

from worker.errors import InputError
from worker.model import Bound, Policy, RevisionKind
from worker.newsroom.scenario import Edit, stated_revisions
from worker.newsroom.scenario_file import load_scenario, parse_scenario

from .conftest import PLAY


def test_figures_are_printed_into_title_and_text(play):
    first, second = play.articles[0].versions[:2]
    assert first.title == "Flood kills at least 12"
    assert first.paragraphs[0] == "At least 12 people were killed in the flood, and 30 people were missing."
    assert second.paragraphs[0].startswith("At least 15 people")
    assert second.paragraphs[1] == first.paragraphs[1]


def test_values(play):
    figures = play.articles[0].versions[0].figures
    dead, damage = figures["dead"], figures["damage"]
    assert (dead.low, dead.high, dead.bound, dead.unit) == (12, 12, Bound.AT_LEAST, None)
    assert (damage.low, damage.unit) == (Decimal(4_000_000), "USD")
    assert play.outlets[0].policy == Policy(0.1, 1, 1, 3600)


def test_a_vague_figure_has_no_upper_value():
    text = PLAY.replace('{ text = "30 people", low = 30 }', '{ text = "dozens of people", low = 24, bound = "vague" }')
    assert parse_scenario(text.encode()).articles[0].versions[0].figures["missing"].high is None


def test_paragraphs_can_be_replaced_moved_and_cut(play):
    replaced, moved = play.articles[0].versions[3:5]
    assert replaced.paragraphs[1] == "No figure was given for the damage. The town has a bridge."
    assert moved.paragraphs == replaced.paragraphs[::-1]
    text = PLAY.replace("order = [2, 1]", "order = [1]").replace('["moved"]', '["cut"]')
    assert len(parse_scenario(text.encode()).articles[0].versions[4].paragraphs) == 1


def test_a_figure_that_was_cut_is_not_withdrawn():
    text = PLAY.replace('edits = ["withdrawn"]', 'edits = ["cut"]\ncut = ["damage"]')
    versions = parse_scenario(text.encode()).articles[0].versions
    assert stated_revisions(versions[2], versions[3]) == ()
    assert stated_revisions(versions[2], versions[5]) == ()


def test_revisions_between_neighbours(play):
    versions = play.articles[0].versions
    stated = [stated_revisions(old, new) for old, new in pairwise(versions)]
    assert [[(r.name, r.kind) for r in revisions] for revisions in stated] == [
        [("dead", RevisionKind.REVISED)],
        [("dead", RevisionKind.REQUALIFIED), ("missing", RevisionKind.REVISED)],
        [("damage", RevisionKind.WITHDRAWN)],
        [],
        [],
    ]


def test_revisions_across_versions(play):
    versions = play.articles[0].versions
    assert [(r.name, r.kind, r.new and r.new.low) for r in stated_revisions(versions[0], versions[5])] == [
        ("damage", RevisionKind.WITHDRAWN, None),
        ("dead", RevisionKind.REVISED, 15),
        ("missing", RevisionKind.REVISED, 22),
    ]


def test_version_at(play):
    article = play.articles[0]
    assert article.version_at(-1) is None
    assert [article.version_at(t).number for t in (0, 19.9, 20, 1000)] == [1, 1, 2, 6]


def test_cosmetic_versions(play):
    assert [v.number for v in play.articles[0].versions if v.cosmetic] == [5, 6]
    assert play.articles[0].versions[5].edits == (Edit.TIME_LINE,)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A play"', "title = 1", "title: Input should be a valid string"),
        ("at = 20", "at = 20.5", "article 1, version 1, at: Input should be a valid integer"),
        ('bound = "at_least" }\nmissing', 'bound = "at least" }\nmissing', "figures, dead, bound: Input should be"),
        ('layout = "wire"', 'layout = "wire"\ncolour = "red"', "outlet 1, colour: Extra inputs are not permitted"),
        ('country = "GB"', 'country = "Britain"', "outlet 1, country: String should match"),
        ('slug = "gazette"', 'slug = "other"', "/world/flood: there is no outlet gazette"),
        ('layout = "wire"', 'layout = "wire"\nfeeds = ["sport"]', "feed sport names no section"),
        ('layout = "wire"', 'layout = "wire"\nfeeds = ["latest", "latest"]', "a feed is named twice"),
        ("/world/flood", "/feeds/flood", "the path is taken"),
        ("at = 40", "at = 25", "version 3: at 25 s, only 5 s after the version before"),
        ("at = 40", "at = 15", "version 3: at 15 s, only -5 s after"),
        ("and {missing} were", "and {lost} were", "version 1: there is no figure lost"),
        ("and {missing} were missing", "and that is all", "version 1: figure missing is not printed"),
        ('edits = ["requalified", "revised"]', 'edits = ["revised"]', "version 3: a figure is requalified, but"),
        ('edits = ["moved"]', 'edits = ["moved", "withdrawn"]', "version 5: `edits` says withdrawn, but no figure is"),
        ('edits = ["withdrawn"]', 'edits = ["cut"]', "version 4: a figure is withdrawn, but"),
        ("order = [2, 1]", "order = [2, 1, 3]", "version 5: there is no paragraph 3"),
        ('edits = ["moved"]\norder = [2, 1]', 'edits = ["wording"]', "[time_line] exactly when"),
        ("low = 30 }", "low = 30, high = 20 }", "figure missing: high is below low"),
        ("low = 30 }", 'low = 30, high = 40, bound = "vague" }', "exactly the vague figures have no `high`"),
    ],
)
def test_mistakes_are_named(old, new, message):
    assert old in PLAY
    with pytest.raises(InputError, match=r".*") as caught:
        parse_scenario(PLAY.replace(old, new, 1).encode(), "play.toml")
    assert message in str(caught.value)
    assert all(line.startswith("play.toml: ") for line in str(caught.value).splitlines())


def test_mistakes_are_named_all_at_once():
    text = PLAY.replace("at = 40", "at = 25").replace("{missing}", "{lost}").replace("order = [2, 1]", "order = [2, 7]")
    with pytest.raises(InputError) as caught:
        parse_scenario(text.encode())
    for message in ("only 5 s after", "no figure lost", "no paragraph 7"):
        assert message in str(caught.value)


def test_two_articles_at_one_address():
    article = PLAY[PLAY.index("[[article]]") :]
    with pytest.raises(InputError, match="named twice for gazette"):
        parse_scenario((PLAY + article).encode())


@pytest.mark.parametrize(("raw", "message"), [(b"title =", "not TOML"), (b"\xff", "not UTF-8")])
def test_no_scenario_at_all(tmp_path, raw, message):
    path = tmp_path / "play.toml"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        load_scenario(path)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"play\.toml: No such file"):
        load_scenario(tmp_path / "play.toml")
