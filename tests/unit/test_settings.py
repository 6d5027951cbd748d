import re
from pathlib import Path

import pytest

from worker.errors import SettingsError
from worker.settings import PREFIX, Settings, as_environ, load, shipped


def documented():
    text = shipped("settings.example.env").read_text()
    return dict(re.findall(rf"^{PREFIX}(\w+)=(.*)$", text, re.MULTILINE))


def test_every_setting_is_documented_and_nothing_else():
    assert {name.lower() for name in documented()} == set(Settings.model_fields)


def test_documented_defaults_are_the_defaults():
    example = load({f"{PREFIX}{name}": value for name, value in documented().items()})
    assert example == load({})


def test_unknown_setting_is_refused_with_a_hint():
    with pytest.raises(SettingsError, match="did you mean FIGUREWATCH_REDIS_URL"):
        load({"FIGUREWATCH_REDIS_ULR": "redis://localhost"})


def test_every_mistake_is_reported_at_once():
    with pytest.raises(SettingsError) as caught:
        load({"FIGUREWATCH_TICK_SECONDS": "soon", "FIGUREWATCH_SITE_PORT": "99999", "FIGUREWATCH_X": "1"})
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    "value", ["127.0.0.1", "127.0.0.1/32:0", "127.0.0.1/32:99999", "localhost:80", "10.0.0.0/8:a-b"]
)
def test_networks_that_the_gate_could_not_read_are_refused(value):
    with pytest.raises(SettingsError, match="ALLOW_NETWORKS"):
        load({"FIGUREWATCH_ALLOW_NETWORKS": value})


def test_other_variables_are_none_of_our_business():
    assert load({"PATH": "/bin", "FIGURE": "1"}) == Settings()


def test_children_get_the_same_settings():
    settings = load({"FIGUREWATCH_TICK_SECONDS": "0.5", "FIGUREWATCH_ALLOW_NETWORKS": "127.0.0.1/32:8001-8010"})
    assert load(as_environ(settings)) == settings


def test_socket_path_stays_within_the_kernel_limit(tmp_path):
    deep = tmp_path / ("d" * 120)
    assert len(bytes(Settings(data_dir=deep).socket)) <= 107
    assert Settings(data_dir=deep).socket == Settings(data_dir=deep).socket
    assert Settings(data_dir=Path("data")).socket.parent == Path("data").absolute()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8190"),
        ({"SITE_HOST": "::1", "SITE_PORT": "80"}, "http://[::1]:80"),
        ({"SITE_URL": "https://figures.example/desk/"}, "https://figures.example/desk"),
    ],
)
def test_where_links_lead(given, address):
    assert load({f"{PREFIX}{name}": value for name, value in given.items()}).site_address == address


@pytest.mark.parametrize(
    "value", ["figures.example", "ftp://figures.example", "https://figures.example/?a=b", "https://"]
)
def test_an_address_of_the_site_that_is_none_is_refused(value):
    with pytest.raises(SettingsError, match="SITE_URL"):
        load({f"{PREFIX}SITE_URL": value})
