"""The page for publishers."""

from tests.harness.site import FakeStore, ask
from worker.settings import Settings


def test_it_says_who_asks_and_how_to_be_left_alone():
    page = ask(FakeStore(), "/about", settings=Settings(contact="https://figures.example/<bot>"))
    assert page.status_code == 200
    assert "(+https://figures.example/&lt;bot&gt;)" in page.text
    assert "User-agent: figurewatch\nDisallow: /" in page.text
    assert "lets networks through" not in page.text


def test_private_access_is_shown_as_a_warning():
    page = ask(FakeStore(), "/about", settings=Settings(allow_networks="10.0.0.0/8:80-80"))
    assert "10.0.0.0/8:80-80" in page.text
