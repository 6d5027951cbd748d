"""Stories: articles on one event, grouped as they come in."""

from worker.core.stories.placing import place, shortlist
from worker.core.stories.telling import Reading, choose, go_on, join, read
from worker.core.stories.terms import terms

__all__ = ["Reading", "choose", "go_on", "join", "place", "read", "shortlist", "terms"]
