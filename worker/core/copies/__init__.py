"""Which articles are copies of one another: agency copy, reprints, partial reprints.

Candidates come from an index in the database (`sketch`), the verdict from the texts (`likeness`). Figures are masked in
both, so that a copy that prints another figure is still a copy: it is the one we are looking for (`ripple`).
"""

from worker.core.copies.likeness import Likeness, compare
from worker.core.copies.links import find
from worker.core.copies.origin import origins
from worker.core.copies.prose import Prose, read
from worker.core.copies.ripple import follow
from worker.core.copies.sketch import bands

__all__ = ["Likeness", "Prose", "bands", "compare", "find", "follow", "origins", "read"]
