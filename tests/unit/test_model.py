"""The names that the layers share are found where they are, and only what is asked for is imported."""

import subprocess
import sys

import pytest

from worker import model


def test_every_name_is_found():
    found = {name: getattr(model, name) for name in model.__all__}
    assert all(getattr(value, "__name__", name) == name for name, value in found.items())
    assert set(model.__all__) <= set(dir(model))


def test_what_there_is_none_of():
    with pytest.raises(AttributeError, match="no attribute 'Typo'"):
        getattr(model, "Typo".strip())


def test_reading_figures_imports_no_other_values():
    """In a process of its own: this one has imported everything."""
    asked = "import sys, worker.core.revisions; print(*(name for name in sys.modules if 'worker.model.' in name))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["worker.model.figures"]
