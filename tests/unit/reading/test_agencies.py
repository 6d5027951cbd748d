"""Which agency an article credits."""

import pytest

from worker.core import agencies

STORY = "The ferry capsized early on Monday, the coast guard said. It carried 214 people.\n\nDivers search the wreck."


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (f"DAVOR, Nov 3 (Reuters) - {STORY}", "Reuters"),
        (f"DAVOR (AP) \u2014 {STORY}", "AP"),
        (f"Davor (dpa) - {STORY}", "dpa"),
        (f"PARIS, 3 nov 2026 (AFP) - {STORY}", "AFP"),
        (f"(ANSA) - {STORY}", "ANSA"),
        (f"{STORY}\n\nReuters", "Reuters"),
        (f"{STORY}\n\n\u00a9 2026 AFP", "AFP"),
        (f"{STORY}\n\n(dpa/AFP)", "dpa"),
        (f"{STORY}\n\nSource: Xinhua", "Xinhua"),
        (f"{STORY}\n\nWith reporting by The Associated Press", "AP"),
        (f"{STORY}\n\nAFP and Reuters", "AFP"),
        (f"{STORY}\n\n\u65b0\u534e\u793e", "Xinhua"),
        (f"{STORY}\n\nCopyright 2026 The Associated Press. All rights reserved.", "AP"),
    ],
)
def test_a_credit(text, agency):
    assert agencies.credited(text) == agency


@pytest.mark.parametrize(
    "text",
    [
        "",
        STORY,
        f"{STORY}\n\nThe minister told Reuters that the ship had been inspected in April, and would not say more.",
        "The party (PAP) - the largest of the land - won. More follows.\n\nIt was close.".replace("(PAP)", "(PPP)"),
        f"{STORY}\n\nA pap of the mountain",
        f"Davor (our correspondent) - {STORY}",
    ],
)
def test_no_credit(text):
    assert agencies.credited(text) is None


@pytest.mark.parametrize(
    ("stated", "agency"),
    [
        (["Adam Vidler", "AP"], "AP"),
        (["Agence France-Presse"], "AFP"),
        (["By Reuters"], "Reuters"),
        (["Staff", "Reuters and AFP"], "Reuters"),
        (["Anna Reuters"], None),
        (["Ap Singh"], None),
    ],
)
def test_what_is_stated(stated, agency):
    assert agencies.credited(STORY, stated) == agency
