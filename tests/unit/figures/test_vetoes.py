"""What is no figure: each class with cases on both sides of the line."""

import pytest

from tests.unit.figures.brief import brief

NOTHING = [
    # dates
    "The strike began on 14 March 2023.",
    "It starts on Sept. 27.",
    "Hearings run from March 3 to March 9, 2024.",
    "Hearings are on May 3 and 4.",
    "The fair runs 10-12 June.",
    "It happened on the 7th of July.",
    "It was signed between 3 and 5 May.",
    "The deadline is 12/31/2024.",
    "The deadline is 31.12.2024.",
    "Updated 2024-05-11T08:30:00Z.",
    "The vote is on Friday 9 May.",
    "In March 2020 schools closed.",
    "Police were there on 1 may that year.",
    # years
    "The law was passed in 1998.",
    "The crisis of 2008-2009 hit banks.",
    "The 2018/19 season was short.",
    "The 1990s were calm.",
    "Music of the '90s is back.",
    "The 2019 results were mixed.",
    "It will open by 2120.",
    "Rome fell around 476 AD.",
    "It surpassed 2009's winner.",
    "The town was sacked between 1600 and 1650.",
    # clock times
    "The curfew starts at 22:00 local time.",
    "The train left at 0630 GMT.",
    "It began at 5:25 a.m. and ended at 2 pm.",
    "She won in 2:03:59.",
    "Shops open at 10.45pm.",
    # quarters of a year
    "It made a third-quarter loss.",
    "The company had a third quarter of losses.",
    "Fourth-quarter profit rose.",
    "Sales fell in the second quarter.",
    # ordinals
    "The 22nd amendment bars it.",
    "She finished 2nd.",
    "The 2nd Army advanced in the 21st century.",
    "He was twenty-first in line.",
    # phones
    "Call +44 20 7946 0958.",
    "Ring 555-0134 now.",
    "Call 1-800-273-8255.",
    "Ring 020 7946 0018 at any time.",
    # names and codes
    "Resolution 2728 was adopted.",
    "Article 5 and Section 230 apply.",
    "Chapter 11 was filed.",
    "He lives at 221 Baker Street.",
    "Offices at 16-18 Industrial Avenue were let.",
    "The ZIP code 90210 was evacuated.",
    "It was mailed to Hilo, HI 96720.",
    "The S&P 500 closed higher.",
    "The FTSE 100 and the Nasdaq 100 fell.",
    "Leaders of the Group of 20 met, then the G7 did.",
    "A T-72 tank and an F-16 were lost.",
    "The XC40 and the A320neo were shown.",
    "Covid-19 and H5N1 spread.",
    "Flight MH370 vanished.",
    "Apollo 13 returned.",
    "Windows 11 is out.",
    "The iPhone 15 Pro sold out.",
    "The Big 12 expelled a team.",
    "Formula 1 is on Channel 4.",
    "Exits 10 and 12 are closed.",
    "It meets ISO 3888-2.",
    "Boeing 737 Max jets returned.",
    "Version 2.4.1 was released.",
    "4G and 5G networks spread.",
    "It is a 2-in-1 tablet.",
    "World War Two ended.",
    "Air Force One landed; the Magnificent Seven rode.",
    "Agent 007 retired.",
    "It plays 24/7 since 9/11.",
    "The 49ers signed him.",
    "They lined up 4-4-2.",
    "A 401k plan pays.",
    "They outspend them 2-to-1.",
    "It is a 3-for-1 split.",
    "She wore the number 10 shirt.",
    "Law No. 6284 protects them.",
    "It breaches Articles 19 and 20.",
    # addresses of the net
    "See https://example.com/2024/05/12?id=77 or www.example.org/5.",
    "Write to desk24@example.com or follow @user123.",
    "DOI: 10.1007/978-3-319-09575.",
    # page furniture and numbering
    "5 min read",
    "12 comments",
    "3 min read · 12 comments",
    "Updated 2 hours ago",
    # "one" that counts nothing
    "No one was hurt.",
    "One another's keepers.",
    "He is the one who left.",
    "One day it will end.",
    "A one-off event.",
    "She bought a solid one off a friend.",
    "At one point it stopped.",
]
FIGURES = [
    ("On 12 March, 22 cases were reported.", "22 case"),
    ("In March 200 people died.", "200 person"),
    ("In 2023, 1,312 people died.", "1312 person"),
    ("On Monday 12 people died.", "12 person"),
    ("On June 6, 1944, 156,000 troops landed.", "156000 troop"),
    ("Around 2000 people came.", "about 2000 person"),
    ("A total of 1950 tests were done.", "1950 test"),
    ("The price is an average of 1500.", "1500"),
    ("The engine turns at 2000 rpm.", "2000 rpm"),
    ("Staff grew from 1000 to 2000 workers.", "1000..2000 worker"),
    ("In Germany 200 people died.", "200 person"),
    ("Police arrested 41 people.", "41 person"),
    ("Gate 4 was shut to 20 people.", "20 person"),
    ("Resolution 2728 won 14 votes.", "14 vote"),
    ("The G20 pledged $20bn.", "20000000000 USD"),
    ("The S&P 500 rose 0.9%.", "0.9 %"),
    ("The army got 12 F-16s.", "12 F-16"),
    ("The army got 14 Leopard 2s.", "14 leopard"),
    ("Type 2 diabetes affects 37 million people.", "37000000 person"),
    ("1. The first item has 20 pages.", "20 page"),
    ("It has more than 12 comments from readers in four towns.", "more_than 12 comment; 4 town"),
    ("One person was killed.", "1 person"),
    ("One of the ministers resigned.", "1 minister"),
    ("The blast left one dead.", "1 dead"),
    ("A bomb exploded, killing one and wounding two.", "1; 2"),
    ("Growth was one per cent.", "1 %"),
    ("The song peaked at number 28.", "28"),
    ("The port ranked No. 3 in the world.", "3"),
    ("20 minutes", "20 min"),
    ("$20", "20 USD"),
    ("The R500 fine was paid.", "500 ZAR"),
    ("It has a PS6m debt.", "6000000 GBP"),
    ("Half the 30 seats are free.", "0.5; 30 seat"),
]


@pytest.mark.parametrize("text", NOTHING, ids=[t[:60] for t in NOTHING])
def test_no_figure(text):
    assert brief(text) == ""


@pytest.mark.parametrize(("text", "expected"), FIGURES, ids=[c[0][:60] for c in FIGURES])
def test_a_figure_beside_what_is_none(text, expected):
    assert brief(text) == expected
