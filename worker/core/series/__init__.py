"""Series: the same figure through the articles of a story."""

from worker.core.series.following import Article, follow
from worker.core.series.profiles import Reported, reported, told

__all__ = ["Article", "Reported", "follow", "reported", "told"]
