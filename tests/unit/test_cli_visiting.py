"""`outlets check --visit`: what it says of what strangers answered."""

import sys
from dataclasses import replace
from datetime import UTC, datetime

from worker.cli import visiting
from worker.core.diagnosis import Finding
from worker.model import FeedState

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
STATE = FeedState(
    url="https://herald.example/rss?[/b]", outlet="herald", outcome="unsupported", detail="", failures=1,
    visited_at=NOW, next_visit_at=NOW, moved_to=None, capture_id=None, quarantined=False,
)  # fmt: skip
STRANGE = (Finding("no feed", "what is served is no text (image/[/red][blink]\x1b[2J)"),)


def checked(**changes):
    return replace(visiting.Checked(STATE, STRANGE, None, visited=True, waiting=False), **changes)


def test_words_of_strangers_are_shown_on_a_terminal_and_mean_nothing_to_it(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    visiting._print([checked()])
    shown = capsys.readouterr().out
    assert "https://herald.example/rss?[/b]" in shown
    assert "image/[/red][blink]\u241b[2J" in shown


def test_a_pipe_gets_a_line_for_each_finding(capsys):
    visiting._print([checked(), checked(findings=(), visited=False), checked(findings=(), visited=False, waiting=True)])
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert "\x1b" not in out
    assert err == "3 feeds: 2 fine, 1 to look at; 1 visited now, 1 not due, 1 waiting for their host\n"
