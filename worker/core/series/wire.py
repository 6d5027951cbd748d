"""Profiles as JSON and back: what a series is known by is stored with it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from worker.model import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

SETS = frozenset({"place", "names", "setting", "sources", "periods"})
DIGITS = 4  # of a weight: more say nothing


def profile_to_json(profile: Profile) -> dict[str, Any]:
    """An object with the fields of the profile, without those that say nothing."""
    told: dict[str, Any] = {}
    for field in fields(profile):
        value = getattr(profile, field.name)
        if field.name in SETS:
            value = sorted(value)
        elif field.name == "words":
            value = {word: round(weight, DIGITS) for word, weight in sorted(value.items())}
        elif isinstance(value, date):
            value = value.isoformat()
        if value not in (None, False, [], {}, ""):
            told[field.name] = value
    return told


def profile_from_json(told: Mapping[str, Any]) -> Profile:
    """The profile that an object tells."""
    return Profile(
        unit=told.get("unit", ""),
        per=told.get("per"),
        noun=told.get("noun"),
        group=told.get("group"),
        concept=told.get("concept"),
        near=told.get("near", False),
        contrasts=told.get("contrasts", {}),
        part=told.get("part", False),
        first=told.get("first", False),
        place=frozenset(told.get("place", ())),
        names=frozenset(told.get("names", ())),
        setting=frozenset(told.get("setting", ())),
        owner=told.get("owner"),
        sources=frozenset(told.get("sources", ())),
        named=told.get("named", False),
        side=told.get("side"),
        periods=frozenset(told.get("periods", ())),
        day=date.fromisoformat(told["day"]) if "day" in told else None,
        dated=told.get("dated", False),
        running=told.get("running", False),
        words=told.get("words", {}),
        apart=told.get("apart", False),
    )
