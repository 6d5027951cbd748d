"""Reading the figures that an article reports: see README.md beside this file.

`read(document)` and `read_text(text)` give figures in the order of the text, `read_versions(old, new)` those of both
texts; `locate(figure)` finds one in its sentence.
"""

from worker.core.figures.quantities import SCORE
from worker.core.figures.reader import locate, read, read_text, read_versions

__all__ = ["SCORE", "locate", "read", "read_text", "read_versions"]
