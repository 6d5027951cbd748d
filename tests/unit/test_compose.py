"""docker-compose.yml keeps to the Compose specification, to the settings, and to the commands that exist."""

import re
from pathlib import Path

import jsonschema
import pytest
import typer
import yaml

from worker import settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
ROLES = {
    "migrate": ["db", "upgrade"],
    "beat": ["beat"],
    "worker-visit": ["worker", "--queue", "visit"],
    "worker-read": ["worker", "--queue", "read"],
    "site": ["site"],
}

# The part of the Compose specification that the file uses; anything else in it is refused.
DURATION = {"type": "string", "pattern": r"^(\d+h)?(\d+m)?(\d+s)?$", "minLength": 2}
SIZE = {"type": "string", "pattern": r"^\d+[bkmg]$"}
STRINGS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1}
COMMAND = {"type": "array", "items": {"type": "string"}, "minItems": 1}
NAMED = {"type": "object", "additionalProperties": {"type": ["object", "null"]}}
SCHEMA = {
    "type": "object",
    "required": ["services"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "services": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"},
            "additionalProperties": {"$ref": "#/$defs/service"},
        },
        "networks": NAMED,
        "volumes": NAMED,
    },
    "$defs": {
        "service": {
            "type": "object",
            "required": ["image", "restart", "networks", "logging", "stop_grace_period"],
            "additionalProperties": False,
            "properties": {
                "image": {"type": "string", "pattern": "^[a-z0-9/._-]+(:[A-Za-z0-9._-]+)?$"},
                "build": {
                    "type": "object",
                    "required": ["context", "dockerfile_inline"],
                    "additionalProperties": False,
                    "properties": {"context": {"const": "."}, "dockerfile_inline": {"type": "string"}},
                },
                "command": COMMAND,
                "user": {"type": "string"},
                "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
                "init": {"type": "boolean"},
                "read_only": {"type": "boolean"},
                "tmpfs": STRINGS,
                "cap_drop": STRINGS,
                "security_opt": STRINGS,
                "stop_grace_period": DURATION,
                "shm_size": SIZE,
                "mem_limit": SIZE,
                "networks": STRINGS,
                "volumes": STRINGS,
                "ports": STRINGS,
                "environment": {"type": "object", "additionalProperties": {"type": "string"}},
                "depends_on": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["condition"],
                        "additionalProperties": False,
                        "properties": {
                            "condition": {
                                "enum": ["service_started", "service_healthy", "service_completed_successfully"]
                            }
                        },
                    },
                },
                "healthcheck": {
                    "type": "object",
                    "required": ["test", "interval", "timeout", "retries"],
                    "additionalProperties": False,
                    "properties": {
                        "test": {**COMMAND, "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}]},
                        "interval": DURATION,
                        "timeout": DURATION,
                        "start_period": DURATION,
                        "retries": {"type": "integer", "minimum": 1},
                    },
                },
                "logging": {
                    "type": "object",
                    "required": ["driver", "options"],
                    "properties": {"options": {"type": "object", "additionalProperties": {"type": "string"}}},
                },
            },
        }
    },
}


def interpolated(value):
    """Compose's ${NAME:-default} and ${NAME:?message}, for an environment that sets what must be set."""
    return re.sub(r"\$\{(\w+):([-?])([^}]*)\}", lambda m: m[3] if m[2] == "-" else "pa55-word", value)


def test_the_file_keeps_to_the_specification():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(COMPOSE, SCHEMA)


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [
        ("redis", "comand", ["x"]),
        ("redis", "restart", "sometimes"),
        ("redis", "restart", False),  # an unquoted `no`
        ("site", "ports", [8190]),
        ("site", "stop_grace_period", 30),
        ("site", "depends_on", {"redis": {"condition": "healthy"}}),
        ("site", "healthcheck", {"test": ["curl"], "interval": "1m", "timeout": "1s", "retries": 1}),
        ("site", "environment", {"FIGUREWATCH_SITE_PORT": 8190}),
    ],
)
def test_the_schema_refuses_slips(service, key, value):
    broken = {**COMPOSE, "services": {**SERVICES, service: {**SERVICES[service], key: value}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


def test_every_production_role_is_there():
    assert set(SERVICES) == {"postgres", "redis", *ROLES}


def parse(arguments):
    """Parse a command line as `figurewatch` would, and run nothing."""
    from worker import cli  # noqa: PLC0415 - the other tests here need no command line

    command = typer.main.get_command(cli.app)
    while hasattr(command, "resolve_command"):  # a group of commands
        _, command, arguments = command.resolve_command(command.context_class(command), arguments)
    return command.make_context(command.name, list(arguments))


@pytest.mark.parametrize(("service", "arguments"), ROLES.items())
def test_each_command_is_one_that_exists(service, arguments):
    assert SERVICES[service]["command"] == ["figurewatch", *arguments]
    assert parse(arguments).command.name in arguments


@pytest.mark.parametrize("arguments", [["db", "upgarde"], ["worker"], ["worker", "--queue", "visits"], ["beat", "now"]])
def test_a_command_that_does_not_exist_would_be_noticed(arguments):
    with pytest.raises(Exception, match=r"No such command|Missing|not one of|unexpected extra argument"):
        parse(arguments)


def test_names_that_are_referred_to_are_defined():
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
        for name, wait in service.get("depends_on", {}).items():
            assert wait["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("role", ROLES)
def test_the_environment_is_one_the_settings_take(role):
    environment = {name: interpolated(value) for name, value in SERVICES[role]["environment"].items()}
    loaded = settings.load(environment)
    assert loaded.database == "postgresql://figurewatch:pa55-word@postgres/figurewatch"
    assert loaded.broker == "redis://redis:6379/0"
    outlets = dict(reversed(volume.split(":")[:2]) for volume in SERVICES[role]["volumes"])
    assert outlets[str(loaded.outlets)] == "./config/outlets.toml"
    assert loaded.allow_networks == ""


def test_the_site_is_published_on_this_machine_only():
    environment = SERVICES["site"]["environment"]
    (port,) = (interpolated(port) for port in SERVICES["site"]["ports"])
    assert port == f"127.0.0.1:8190:{environment['FIGUREWATCH_SITE_PORT']}"
    assert environment["FIGUREWATCH_SITE_HOST"] == "0.0.0.0"  # of the container
    assert not any("ports" in service for name, service in SERVICES.items() if name != "site")


def test_there_is_no_secret_in_the_file():
    mentions = re.findall(r"\$\{POSTGRES_PASSWORD([^}]*)\}", TEXT)
    assert len(mentions) == 2
    assert all(rest.startswith(":?") for rest in mentions)
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_only_what_must_reach_the_world_can():
    assert COMPOSE["networks"]["backend"]["internal"] is True
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == {"worker-visit", "site"}


@pytest.mark.parametrize("role", ROLES)
def test_roles_run_without_rights(role):
    service = SERVICES[role]
    assert service["user"] == "10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["init"] is True


def test_what_stays_up_is_restarted_and_looked_at():
    assert SERVICES["migrate"]["restart"] == "no"
    for name, service in SERVICES.items():
        if name != "migrate":
            assert service["restart"] == "unless-stopped"
            assert "healthcheck" in service


def test_workers_stop_softly():
    for name in ("worker-visit", "worker-read"):
        assert SERVICES[name]["environment"]["REMAP_SIGTERM"] == "SIGQUIT"


def test_redis_evicts_nothing_and_writes_down_what_it_holds():
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--appendonly"] == "yes"
    assert SERVICES["redis"]["volumes"] == ["redis-data:/data"]
    assert SERVICES["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql/data"]


def test_the_image_is_built_from_what_is_in_the_repository():
    (inline,) = {SERVICES[role]["build"]["dockerfile_inline"] for role in ROLES}
    assert "$" not in inline  # Compose would read it
    stages = inline.split("FROM ")[1:]
    assert [stage.split()[0] for stage in stages] == ["python:3.13-slim-bookworm"] * 2
    for sources in re.findall(r"^COPY (?!--)(.+) \S+$", inline, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split())
    assert stages[-1].rstrip().endswith("USER 10001")


def test_images_of_others_have_a_version():
    for name in ("postgres", "redis"):
        tag = SERVICES[name]["image"].partition(":")[2]
        assert re.match(r"\d", tag)
