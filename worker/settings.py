"""The environment, checked once, as one frozen `Settings`.

Every setting is documented in `config/settings.example.env`; a test says so. An unknown `FIGUREWATCH_…`
name is refused: a misspelled setting that is silently ignored is found months later, if ever.
"""

from __future__ import annotations

import difflib
import hashlib
import ipaddress
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

import worker
from worker.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "FIGUREWATCH_"
SQLITE = "figurewatch.db"  # in the data directory
UNIX_SOCKET_LIMIT = 107  # bytes of sun_path that a kernel takes (unix(7)), less the closing NUL


def shipped(name: str) -> Path:
    """Path of a file of `config/`: inside the package when installed, beside it in a checkout."""
    package = Path(worker.__file__).parent
    installed = package / "config" / name
    return installed if installed.exists() else package.parent / "config" / name


def _networks(value: str) -> str:
    """Refuse what the address gate could not read; it parses the text itself."""
    for item in filter(None, (part.strip() for part in value.split(","))):
        network, _, ports = item.rpartition(":")
        ipaddress.ip_network(network.strip("[]"))
        for end in ports.split("-"):
            if not 0 < int(end) < 65536:  # noqa: PLR2004 - the range of a port
                raise ValueError(f"{end} is no port")
    return value


def _proxy(value: str | None) -> str | None:
    parts = urlsplit(value or "")
    if value is not None and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
        raise ValueError("a proxy is http://HOST:PORT or https://HOST:PORT")
    return value


def _site(value: str | None) -> str | None:
    parts = urlsplit(value or "")
    if value is not None and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise ValueError("the site is at https://HOST or http://HOST:PORT, with a path perhaps")
    return value and value.rstrip("/")


class Settings(BaseModel):
    """What one deployment may choose. Durations are seconds, sizes bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str | None = None  # None: SQLite in the data directory
    redis_url: str | None = None  # None: the embedded Valkey of `figurewatch up`
    outlets: Path = Field(default_factory=lambda: shipped("outlets.toml"))
    data_dir: Path = Path("data")
    proxy: Annotated[str | None, AfterValidator(_proxy)] = None  # URL; None: hosts are asked directly
    allow_networks: Annotated[str, AfterValidator(_networks)] = ""
    contact: str = "https://github.com/figurewatch"  # in the User-Agent: who is asking
    site_host: str = "127.0.0.1"
    site_port: int = Field(default=8190, ge=0, lt=65536)
    site_url: Annotated[str | None, AfterValidator(_site)] = None  # where the site is reached from outside
    tick_seconds: float = Field(default=5.0, gt=0, le=60)  # between two looks at what is due
    lease_seconds: float = Field(default=120.0, ge=2, le=3600)  # how long a silent worker keeps its work
    batch_hosts: int = Field(default=50, ge=1, le=1000)  # lanes in one visit message
    lane_seconds: float = Field(default=60.0, gt=0, le=240)  # a lane hands its host back after this
    visit_concurrency: int = Field(default=8, ge=1, le=64)  # batches walked at once by one visit worker
    read_concurrency: int = Field(default=2, ge=1, le=256)  # processes that parse
    read_seconds: float = Field(default=60.0, ge=1, le=240)  # a parse is stopped after this
    read_attempts: int = Field(default=3, ge=1, le=10)  # then the capture is quarantined
    request_seconds: float = Field(default=30.0, gt=0, le=240)  # total deadline of one request
    max_wire_bytes: int = Field(default=5_000_000, ge=10_000)
    max_decoded_bytes: int = Field(default=15_000_000, ge=10_000)
    keep_capture_days: float = Field(default=14.0, ge=2)  # raw bytes that no version was read from
    keep_raw_days: float = Field(default=0.0, ge=0)  # those that a version was read from; 0: for ever
    keep_sketch_days: float = Field(default=60.0, ge=1)  # an article in the index of copies, after it was last seen
    keep_delivery_days: float = Field(default=30.0, ge=4)  # what webhooks were told; their schedule spans more than 3
    log_format: Literal["auto", "console", "json"] = "auto"  # auto: console on a terminal
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / SQLITE}"

    @property
    def endpoints(self) -> frozenset[tuple[str, int]]:
        """Host and port of each service of ours that listens on a network: never visited, whatever is let through."""
        urls = ((self.database_url, 5432), (self.redis_url, 6379))
        named = [(urlsplit(url), port) for url, port in urls if url and "://" in url]
        found = {(parts.hostname, parts.port or port) for parts, port in named if parts.hostname}
        return frozenset(found | {(self.site_host, self.site_port)})

    @property
    def site_address(self) -> str:
        """Where links lead that are given to others, without a slash at the end."""
        host = f"[{self.site_host}]" if ":" in self.site_host else self.site_host
        return self.site_url or f"http://{host}:{self.site_port}"

    @property
    def user_agent(self) -> str:
        """Who asks, as every request says it."""
        return f"Figurewatch/{worker.__version__} (+{self.contact})"

    @property
    def socket(self) -> Path:
        """Unix socket of the embedded Valkey; in a short temporary place when the data directory lies deep."""
        path = self.data_dir.absolute() / "valkey.sock"
        if len(os.fsencode(path)) <= UNIX_SOCKET_LIMIT:
            return path
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"figurewatch-{os.getuid()}-{digest}.sock"

    @property
    def broker(self) -> str:
        """Celery's broker URL in use."""
        return self.redis_url or f"redis+socket://{self.socket}?virtual_host=0"


def load(environ: Mapping[str, str]) -> Settings:
    """Read settings from an environment. Raises SettingsError that names every mistake."""
    given = {k[len(PREFIX) :].lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
    problems = [_unknown(name) for name in given if name not in Settings.model_fields]
    known = {k: v for k, v in given.items() if k in Settings.model_fields and v != ""}
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        problems += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else "; config/settings.example.env lists all"
    return f"{PREFIX}{name.upper()}: no such setting{hint}"


def as_environ(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, for child processes."""
    set_fields = settings.model_dump(exclude_none=True)
    return {f"{PREFIX}{name.upper()}": str(value) for name, value in set_fields.items()}
