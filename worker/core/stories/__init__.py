"""Stories: articles on one event, grouped as they come in."""

from worker.core.stories.placing import place
from worker.core.stories.terms import leading, terms

__all__ = ["leading", "place", "terms"]
