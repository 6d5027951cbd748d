"""Imports point inward only."""

import ast
from pathlib import Path

import pytest

import worker

ROOT = Path(worker.__file__).parent
INNER = {"model", "errors"}
# What each layer may import of the project; a layer not named here is an outer one (cli, tasks, app, embedded, site).
MAY_IMPORT = {
    "errors": set(),
    "model": {"model"},
    "core": {"core"} | INNER,
    "net": {"net", "core"} | INNER,  # core.urls: each hop of a redirect is read by the one strict parser
    "storage": {"storage", "core"} | INNER,  # core.urls: one reading of what the host of an address is
    "ops": {"ops"} | INNER,
    "outlets": {"core"} | INNER,  # core.urls: two spellings of one address are one feed
    "settings": INNER,
    "ports": INNER,
    "pipeline": {"pipeline", "core", "ports", "grouping"} | INNER,
    "grouping": INNER,
    "newsroom": {"newsroom"} | INNER,
}
EFFECTS = {
    "socket", "ssl", "http", "urllib.request", "asyncio", "subprocess", "threading", "random", "secrets", "time", "os",
    "aiohttp", "requests", "httpx", "redis", "celery", "sqlalchemy", "sqlmodel", "logging", "structlog",
}  # fmt: skip


def modules():
    return sorted(p for p in ROOT.rglob("*.py") if "migrations" not in p.parts)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(path):
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_inward(path):
    allowed = MAY_IMPORT.get(layer(path))
    if allowed is None:
        return
    for name in imports(path):
        if name.startswith("worker."):
            assert name.split(".")[1] in allowed | {"__version__"}, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", [p for p in modules() if layer(p) == "core"], ids=lambda p: p.name)
def test_core_is_pure(path):
    for name in imports(path):
        assert not any(name == e or name.startswith(e + ".") for e in EFFECTS), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", [p for p in modules() if layer(p) != "net"], ids=lambda p: str(p.relative_to(ROOT)))
def test_only_net_speaks_http_to_the_outside(path):
    clients = {"aiohttp", "httpx", "requests", "urllib3", "urllib.request", "http.client"}
    if layer(path) == "newsroom":  # a server, not a client
        clients -= {"aiohttp"}
    for name in imports(path):
        assert not any(name == c or name.startswith(c + ".") for c in clients), f"{path.name} imports {name}"
