import pytest

from tests.harness.site import FakeStore, ask, change, figure, revision
from worker.model import RevisionKind


def get(store, path):
    answer = ask(store, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_revision_in_json():
    assert get(FakeStore(rows=[revision(5)]), "/api/v1/revisions") == {
        "revisions": [
            {
                "revision_id": 5,
                "article_id": 7,
                "outlet": "north-agency",
                "url": "https://north.example/tanks",
                "title": "Ministry counts losses",
                "kind": "revised",
                "old_low": 130,
                "old_high": 130,
                "old_bound": "at_least",
                "old_sentence": "The ministry counted at least 130 tanks.",
                "new_low": 142,
                "new_high": 142,
                "new_bound": "exact",
                "new_sentence": "The ministry counted 142 tanks.",
                "unit": None,
                "noun": "tank",
                "subject": "tanks destroyed",
                "changed_after": "2026-03-14T08:50:00Z",
                "changed_before": "2026-03-14T09:10:00Z",
                "detected_at": "2026-03-14T09:11:00Z",
                "confidence": 0.94,
                "because": "same subject, same sentence",
                "declared": False,
                "old_article_id": None,
                "old_outlet": None,
                "series_id": None,
            }
        ],
        "next_after": 5,
    }


def test_numbers_are_numbers_and_what_is_not_there_is_null():
    row = revision(1, kind=RevisionKind.WITHDRAWN, old=figure("3.5", "x", "x", high=None), new=None)
    (found,) = get(FakeStore(rows=[row]), "/api/v1/revisions")["revisions"]
    assert (found["old_low"], found["old_high"], found["new_low"], found["new_bound"]) == (3.5, None, None, None)


@pytest.mark.parametrize(
    ("path", "listed", "key"), [("revisions", "revisions", "revision_id"), ("changes", "changes", "position")]
)
def test_following_the_cursor_gives_each_row_once_in_order(path, listed, key):
    store = FakeStore(rows=[revision(n) for n in range(1, 26)], moves=[change(n) for n in range(1, 26)])
    seen, after = [], 0
    while found := (answer := get(store, f"/api/v1/{path}?after={after}&limit=10"))[listed]:
        seen += [row[key] for row in found]
        after = answer["next_after"]
    assert seen == list(range(1, 26))
    assert answer["next_after"] == 25


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=99999999999999999999", "limit=0", "limit=1001", "limit=1e9"]
)
@pytest.mark.parametrize("path", ["revisions", "changes"])
def test_what_is_out_of_range_is_refused_by_name(path, query):
    answer = ask(FakeStore(), f"/api/v1/{path}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["detail"]


def test_the_api_describes_itself():
    described = get(FakeStore(), "/api/v1/openapi.json")
    paths = (
        "revisions",
        "changes",
        "stories",
        "stories/{story_id}",
        "series/{series_id}",
        "transparency",
        "copies",
        "ripples",
    )
    assert set(described["paths"]) == {f"/api/v1/{path}" for path in paths}


def test_there_are_no_pages_that_load_scripts_from_elsewhere():
    for path in ("/docs", "/redoc", "/api/v1/docs"):
        assert ask(FakeStore(), path).status_code == 404
