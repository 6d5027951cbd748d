# ruff: noqa: E501 -- sentences as a newspaper prints them, one beside the other
"""Small pairs of texts, each for one thing that newsrooms do to a number."""

import pytest

from worker.core.figures import read
from worker.core.revisions import compare
from worker.core.revisions.comparison import compare_in_full
from worker.model import Text


def changes(old, new, old_title="", new_title=""):
    """Revisions as short words: "killed 12 > 31" without the noun."""
    found = compare(Text(old_title, old), Text(new_title or old_title, new))
    return [short(revision) for revision in found]


def short(revision):
    if revision.new is None:
        return f"{span(revision.old)} withdrawn"
    if revision.kind == "requalified":
        return f"{span(revision.old)} {revision.old.bound} > {revision.new.bound}"
    return f"{span(revision.old)} > {span(revision.new)}"


def span(figure):
    if figure.high is None:
        return f"{figure.low:f}.."
    low, high = f"{figure.low.normalize():f}", f"{figure.high.normalize():f}"
    return low if low == high else f"{low}-{high}"


CASES = [
    # --- the value moves in place
    ("toll rises", "A blast at a market killed 12 people on Friday, police said.",
     "A blast at a market killed 31 people on Friday, police said.", ["12 > 31"]),
    ("toll falls", "The avalanche buried the hostel and killed 9 climbers.",
     "The avalanche buried the hostel and killed 7 climbers.", ["9 > 7"]),
    ("two tolls", "Six people died and 40 were injured in the crash near Dunby.",
     "Eight people died and 37 were injured in the crash near Dunby.", ["6 > 8", "40 > 37"]),
    ("one of two", "The fire destroyed 14 houses and damaged 60 others in the valley.",
     "The fire destroyed 19 houses and damaged 60 others in the valley.", ["14 > 19"]),
    ("range narrows", "Between 20 and 30 hikers are missing in the gorge.",
     "Some 24 hikers are missing in the gorge.", ["20-30 > 24"]),
    ("vague to exact", "Dozens of passengers were treated for smoke at the station.",
     "The ambulance service treated 53 passengers for smoke at the station.", ["24.. > 53"]),
    ("percent", "Shares in Tarn Foods fell 4.2% in early trading in London.",
     "Shares in Tarn Foods fell 6.8% in early trading in London.", ["4.2 > 6.8"]),
    ("money", "The bridge will cost $1.2 billion, the state said.",
     "The bridge will cost $1.4 billion, the state said.", ["1200000000 > 1400000000"]),
    ("decimal slip", "The bank was fined £12.5m for the breach, the regulator said.",
     "The bank was fined £1.25m for the breach, the regulator said.", ["12500000 > 1250000"]),
    ("age", "Lena Hart, 47, was elected to chair the council.",
     "Lena Hart, 49, was elected to chair the council.", ["47 > 49"]),
    ("sport score of one player", "Mbeki scored 31 points as the Rams won on Saturday.",
     "Mbeki scored 33 points as the Rams won on Saturday.", ["31 > 33"]),
    ("depth and magnitude", "The magnitude 6.1 quake struck at a depth of 10 km.",
     "The magnitude 5.9 quake struck at a depth of 35 km.", ["6.1 > 5.9", "10 > 35"]),
    # --- only the bound moves
    ("at least dropped", "At least 16 miners were trapped by the flood.",
     "Sixteen miners were trapped by the flood.", ["16 at_least > exact"]),
    ("more than added", "The march drew 20,000 people to the capital.",
     "The march drew more than 20,000 people to the capital.", ["20000 exact > more_than"]),
    ("about to nearly", "About 300 flights were cancelled at Halden airport.",
     "Nearly 300 flights were cancelled at Halden airport.", ["300 about > nearly"]),
    # --- nothing is revised
    ("words and digits", "Nine people were hurt when 2,300 seats collapsed.",
     "9 people were hurt when twenty-three hundred seats collapsed.", []),
    ("same bound in other words", "At least 40 families fled the dam.", "No fewer than 40 families fled the dam.", []),
    ("scale words", "The port handled 2.5 million containers.", "The port handled 2,500,000 containers.", []),
    ("conversion turned round", "The fire spread over 12 km (7.5 miles) of hillside.",
     "The fire spread over 7.5 miles (12 km) of hillside.", []),
    ("another day", "Six soldiers were killed on Monday near the border.",
     "Four soldiers were killed on Tuesday near the border.", []),
    ("another year", "In 2015, a landslide in the same valley killed 31 people.",
     "In 2018, a landslide in the same valley killed 12 people.", []),
    ("daily count", "The ministry reported 214 new infections on Wednesday.",
     "The ministry reported 187 new infections on Thursday.", []),
    ("passage cut", "Two people died in the fire in Lund. The mill, which opened in 1911, employs 340 people.",
     "Two people died in the fire in Lund.", []),
    ("figure added", "The storm cut power in the county.", "The storm cut power to 4,000 homes in the county.", []),
    ("order of a list", "The army lost 12 tanks, 30 trucks and 4 helicopters.",
     "The army lost 30 trucks, 4 helicopters and 12 tanks.", []),
    ("sentence moved", "Police arrested 14 people.\n\nThe rally drew 3,000 people to the square.",
     "The rally drew 3,000 people to the square.\n\nPolice arrested 14 people.", []),
    ("sources of their own", "Organisers said 50,000 people marched.", "Police said 12,000 people marched.", []),
    ("quarter", "Sales rose 4 percent in the first quarter.", "Sales rose 7 percent in the second quarter.", []),
    # --- equal values that count different things
    ("the dead and the hurt", "Four people died and 12 were injured in the fire at the plant.",
     "The fire at the plant killed 12 people and injured 31.", ["4 > 12", "12 > 31"]),
    ("values swapped", "The Reds have 41 seats and the Blues have 38.", "The Reds have 38 seats and the Blues have 41.",
     ["41 > 38", "38 > 41"]),
    # --- rewrites
    ("passive to active", "Eleven people were killed when a ferry sank off Port Ando on Sunday.",
     "A ferry that sank off Port Ando on Sunday killed 15 people, the coast guard said.", ["11 > 15"]),
    ("split sentence", "The flood killed 8 people and left 2,000 homeless in Arun, officials said.",
     "The flood killed 11 people in Arun. It left 2,000 homeless, officials said.", ["8 > 11"]),
    ("merged sentences", "The flood killed 8 people in Arun. It left 2,000 homeless.",
     "The flood killed 8 people and left 2,600 homeless in Arun.", ["2000 > 2600"]),
    ("part and total", "The two states counted 50 deaths, 30 of them in Kadu.",
     "The two states counted 56 deaths, 36 of them in Kadu.", ["50 > 56", "30 > 36"]),
    ("part stays", "The two states counted 50 deaths, 30 of them in Kadu.",
     "The two states counted 56 deaths, including 30 in Kadu.", ["50 > 56"]),
    # --- what the new version says of the old value
    ("former value named", "The fund will lend $40 million to farmers.",
     "The fund will lend $55 million to farmers, not $40 million as it said earlier.", ["40000000 > 55000000"]),
    ("rose from", "The number of dead in the blast stood at 12 on Monday.",
     "The number of dead in the blast rose to 19 on Tuesday from 12 on Monday.", ["12 > 19"]),
    ("planned before", "The depot adds 16 buses to its fleet of 128, the city said.",
     "The fleet of 128 grows by 13 buses and not, as planned on Monday, by 16, the city said.", ["16 > 13"]),
    ("known on the first day", "At least 140 pupils of the school in Pelm fell ill.",
     "At the school in Pelm, 163 pupils have fallen ill, up from the 140 that were known on the first day.", ["140 > 163"]),
    ("first spoken of", "The council said 31 people were killed in the raid on Amun.",
     "The council said 38 people were killed in the raid on Amun; it had first spoken of 31.", ["31 > 38"]),
    # --- figures of a list belong to the words beside them
    ("two of a list exchanged", "Schools get £840m of the money, the police £260m and councils £480m.",
     "Schools get £480m of the money, the police £260m and councils £840m.", ["840000000 > 480000000", "480000000 > 840000000"]),
    ("a list in another order", "Schools get £840m of the money, the police £260m and councils £480m.",
     "Councils get £480m of the money, schools £840m and the police £260m.", []),
    ("of two towns one", "Rain in Tarn came to 168 mm and in Wexmouth to 142 mm.",
     "In Wexmouth there were 142 mm of rain, in Tarn 191 mm.", ["168 > 191"]),
    ("phrases that bound nothing", "The bank is to take over 84 branches.", "The bank takes 84 branches.", []),
    ("ages of two", "The dead are a teacher of 51 and a girl of 17.", "The dead are a girl of 17 and a teacher of 51.", []),
    ("correction notice", "The plant will hire 350 workers in Dell.",
     ("The plant will hire 530 workers in Dell.\n\nCorrection: An earlier version of this story misstated the number "
     "of workers as 350."), ["350 > 530"]),
    ("notice of a name only", "The plant will hire 350 workers in Dell, mayor Jon Smit said.",
     ("The plant will hire 350 workers in Dell, mayor John Smith said.\n\nCorrection: An earlier version of this story "
     "misspelled the name of the mayor."), []),
    # --- taken back
    ("taken back", "The ministry said 60 fighters were killed in the raid on the camp.",
     "The ministry withdrew its figure for fighters killed in the raid on the camp.", ["60 withdrawn"]),
    ("no longer known", "The company said 23 miners were trapped. Two miners died.",
     "The company could no longer say how many miners were trapped. Two miners died.", ["23 withdrawn"]),
    ("no reliable number", "Army sources said that 40 rebels had been hiding in the camp.",
     "An army spokesman said there was no reliable number of rebels in the camp.", ["40 withdrawn"]),
    ("by its source", "A million people marched through Dunalt on Saturday, the organisers said. Police put the crowd at 400,000.",
     "Huge crowds marched through Dunalt on Saturday. The organisers took back their estimate. Police put the crowd at 400,000.",
     ["1000000 withdrawn"]),
    # --- another report of a series
    ("the next match", ("Arden beat Corley 3-1 on Saturday before 8,400 spectators.\n\nLena Voss scored twice from 20 metres."),
     ("Arden drew 2-2 with Selby on Saturday before 9,100 spectators.\n\nThe week before they had beaten Corley 3-1. "
     "Lena Voss scored once."), []),
    ("throws missed are no people missing", "Arden beat Corley 84-71 on Wednesday. Corley missed 11 of 24 free throws.",
     "Arden beat Corley 79-75 on Friday. Corley missed six of 19 free throws.", []),
    ("a rate and a count", "The county has 96 cases per 100,000 people. Schools stay open.",
     "The county has 231 cases. Schools stay open.", []),
    # --- live
    ("live blog", "10:20 — Police say 4 people have been injured.\n\n10:02 — A tram has derailed in Orlin.",
     ("11:15 — Police now say 9 people have been injured.\n\n10:20 — Police say 4 people have been injured.\n\n"
     "10:02 — A tram has derailed in Orlin."), ["4 > 9"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_case(old, new, expected):
    assert changes(old, new) == expected


def test_headline_lead_and_body_are_one():
    old = "At least 12 people were killed in the blast.\n\nThe 12 were queuing for bread."
    new = "At least 31 people were killed in the blast.\n\nThe 31 were queuing for bread."
    assert changes(old, new, "12 killed in blast", "31 killed in blast") == ["12 > 31"]


def test_only_the_headline_was_wrong():
    text = "A ferry carrying 90 people ran aground."
    assert changes(text, text, "Ferry with 70 aboard runs aground", "Ferry with 90 aboard runs aground") == ["70 > 90"]


NOTICE = "\n\nCorrection: An earlier version of this story misstated the number of workers as 350."
DECLARED = [
    ("a notice names the old value", "The plant will hire 350 workers.", "The plant will hire 530 workers." + NOTICE, True),
    ("nothing is said", "The plant will hire 350 workers.", "The plant will hire 530 workers.", False),
    ("a notice on something else", "The plant will hire 350 workers in Dell.",
     "The plant will hire 530 workers in Dell.\n\nThis article was amended on 9 June to correct the spelling of Dell.", False),
    ("a notice names the new value", "Ann Reed, 34, died in the fire.",
     "Ann Reed, 43, died in the fire.\n\nAn earlier version of this article gave the wrong age. Ann Reed was 43.", True),
    ("the sentence says so", "The fund will lend $40 million to farmers.",
     "The fund will lend $55 million to farmers, not $40 million as it said earlier.", True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "expected"), [case[1:] for case in DECLARED], ids=[case[0] for case in DECLARED]
)
def test_declared(old, new, expected):
    (revision,) = compare(Text("", old), Text("", new))
    assert revision.declared is expected


def test_figures_that_were_read_already_are_taken():
    old, new = Text("", "It killed 12 people."), Text("", "It killed 31 people.")
    assert compare(old, new, figures=(read(old), read(new))) == compare(old, new)
    assert compare(old, new, figures=((), ())) == ()


def test_too_little_evidence_is_kept_apart():
    old = "A gang of six robbed a bank in Orlin.\n\nThe mayor keeps two dogs and a parrot."
    new = "Twelve ferries run to the island.\n\nThe mayor keeps two dogs and a parrot."
    assert compare_in_full(Text("", old), Text("", new)).revisions == ()


def test_an_earlier_minute_is_no_other_match():
    old = "Arden lead Corley 1-0 after 20 minutes before 8,400 spectators."
    new = "Arden beat Corley 3-0, having led 1-0 at half-time, before 8,700 spectators."
    assert "8400 > 8700" in changes(old, new)
