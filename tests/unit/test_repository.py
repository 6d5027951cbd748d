"""House rules that no linter knows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {
    "pyproject.toml", "worker", "config", "tests", "docker-compose.yml", "README.md", "LICENSE", "CHANGELOG.md",
    "constraints.txt",
}  # fmt: skip


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [Path(line) for line in listed.stdout.splitlines()]


def test_the_top_level_is_fixed():
    assert {p.parts[0] for p in tracked() if not p.parts[0].startswith(".")} <= TOP


def test_no_lock_file_names_an_index():
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_every_dependency_is_constrained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[><=~; ]", line)[0].lower().replace("_", "-") for line in wanted}
    pinned = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert names <= pinned


def test_no_name_for_the_lack_of_a_name():
    assert not [p for p in tracked() if p.stem in {"utils", "helpers", "manager", "common", "misc"}]


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    for path in tracked():
        if path.suffix in {".py", ".toml", ".md", ".yml"} and (ROOT / path).exists():
            assert not words.search((ROOT / path).read_text()), path
