# ruff: noqa: E501 -- paragraphs as a newspaper prints them
"""Whole stories told anew, headline and all: each number may stand in another sentence, some have changed."""

import pytest

from tests.unit.revisions.test_cases import changes

STORIES = [
    ("wildfire", "Wildfire near Talos forces thousands out", "Fire crews work through night near Talos",
     "A wildfire fanned by strong winds has burned 3,400 hectares of pine forest near the town of Talos and forced about 2,700 people from their homes, officials said on Tuesday.\n\nSome 320 firefighters, 14 planes and five helicopters were fighting the blaze, which was 15 percent contained. Eleven houses were destroyed. Two firefighters were treated for burns.\n\nLast summer, fires burned 41,000 hectares across the region.",
     "Fourteen planes and five helicopters dropped water on the hills above Talos through the night, joining 410 firefighters on the ground.\n\nBy Wednesday morning the fire had eaten through 4,100 hectares of pine, officials said, but crews had contained 35 percent of it. The number of houses lost went up to 16.\n\nThe 2,700 or so people who were driven out are staying in schools. Two firefighters have burns. Fires in the region consumed 41,000 hectares last summer.",
     ["320 > 410", "3400 > 4100", "15 > 35", "11 > 16"]),
    ("bank results", "Corvin Bank lifts profit", "Corvin Bank corrects quarterly figures",
     "Corvin Bank earned €412 million in the third quarter, up 12 percent from a year earlier, helped by higher rates.\n\nRevenue came to €1.9 billion. The bank set aside €88 million for bad loans and cut its staff by 340 to 11,200.\n\nIts shares gained 2.1 percent. Analysts had expected a profit of €395 million.",
     "Corvin Bank on Friday revised its net profit for the third quarter to €398 million, 8 percent more than a year earlier, after an accounting error came to light. It had reported €412 million on Thursday.\n\nProvisions for bad loans were €102 million rather than €88 million, it said; revenue of €1.9 billion was unaffected. Staff numbers fell by 340 to 11,200.\n\nThe shares, which had gained 2.1 percent on the original news, gave up all of it. The profit analysts had expected was €395 million.",
     ["412000000 > 398000000", "12 > 8", "88000000 > 102000000"]),
    ("space", "Probe lands on asteroid", "Probe's landing: the data",
     "The probe Hadal touched down on the asteroid Ilmen at 14:02 GMT after a journey of 1.2 billion kilometres that took four years.\n\nThe lander, which weighs 96 kilograms, carries seven instruments and has batteries for 60 hours. The mission cost $640 million.",
     "It took Hadal four years and 1.3 billion kilometres to get to the asteroid Ilmen, where the 96-kilogram lander came to rest on its side.\n\nBecause its solar panel is in shadow, it has to make do with batteries that will last 48 hours. Six of its seven instruments work. The mission has cost $640 million.",
     ["1200000000 > 1300000000", "60 > 48"]),
    ("strike ballot", "Rail union calls strike", "Rail strike widens",
     "Train drivers at Norail will strike for 48 hours from Thursday in a row over rosters, the union said. It has 5,600 members, of whom 87 percent backed the walkout.\n\nNorail carries 1.1 million passengers a day. It said it would run 30 percent of its trains.",
     "Norail said it could run only 20 percent of its trains when drivers walk out on Thursday, leaving most of its 1.1 million daily passengers stranded.\n\nThe strike will now last 72 hours, according to the union, whose 5,600 members approved it with 87 percent of the vote. It is over rosters.",
     ["48 > 72", "30 > 20"]),
    ("drug bust", "Customs seize cocaine in port", "Record cocaine haul grows",
     "Customs officers in the port of Gelt found 2.3 tonnes of cocaine in a container of bananas from Ecuador on Monday, the finance ministry said. They put its street value at €160 million.\n\nFour dock workers, aged 24 to 51, were arrested.",
     "The cocaine hidden among bananas from Ecuador in the port of Gelt weighs 2.9 tonnes, the finance ministry said after a second container was opened, and would fetch €200 million on the street.\n\nFive dock workers are now under arrest; they are between 24 and 51 years old.",
     ["2.3 > 2.9", "160000000 > 200000000", "4 > 5"]),
    ("flu", "Flu wave", "Flu wave peaks",
     "Doctors in Meren reported 48,000 cases of flu in the week to Sunday, 22 percent more than in the week before, the health institute said. So far this winter 310 people have died.\n\nThe vaccine is 54 percent effective. About 37 percent of those over 60 have had it.",
     "In the week to Sunday, 51,000 people in Meren went to a doctor with flu, up 22 percent on the week before, the health institute said in a corrected report. The number of deaths this winter stands at 310.\n\nOnly 37 percent of the over-60s are vaccinated. The vaccine's effectiveness was put at 54 percent.",
     ["48000 > 51000"]),
    ("bridge", "New bridge for Halden", "Halden bridge plan",
     "Halden is to get a bridge 1,240 metres long with four lanes at a cost of 310 million kroner. Work starts in May and will take 30 months.\n\nThe ferry it replaces carries 2,200 cars a day.",
     "Four lanes, 1,240 metres: the bridge that is to replace Halden's ferry has been approved. Its price has gone up to 345 million kroner.\n\nBuilders will begin in May and need 34 months. The ferry takes 2,200 cars across daily.",
     ["310000000 > 345000000", "30 > 34"]),
    ("poll", "Poll puts Lund ahead", "Poll: race tightens",
     "Ada Lund leads the race for mayor with 46 percent, eight points ahead of Per Osk, according to a poll of 1,200 voters by Metrix.\n\nTwelve percent were undecided. The margin of error is 2.8 points.",
     "Metrix has corrected its poll on the race for mayor: of the 1,200 voters it asked, 44 percent would choose Ada Lund and 39 percent Per Osk, which puts her five points ahead. The share of undecided voters is 12 percent, the margin of error 2.8 points.",
     ["46 > 44", "8 > 5"]),
    ("typhoon", "Typhoon Sora heads for Luban", "Typhoon Sora slams into Luban",
     "Typhoon Sora, with winds of 165 km/h at its centre, is expected to make landfall on Luban island on Wednesday evening, the weather bureau said.\n\nMore than 90,000 people have been moved out of coastal villages and 214 flights cancelled. Up to 400 millimetres of rain could fall in two days.\n\nTyphoon Mina killed 78 people on Luban in 2018.",
     "Luban island was hit on Wednesday evening by Typhoon Sora, which packed winds of 175 km/h, according to the weather bureau.\n\nAirlines scrapped 268 flights. In the villages along the coast hardly anyone was left: authorities had moved 112,000 people inland. As much as 400 millimetres of rain may come down within two days.\n\nThe last typhoon on the island, Mina, took 78 lives in 2018.",
     ["165 > 175", "90000 > 112000", "214 > 268"]),
    ("plant closure", "Carmaker Velo to shut Brandt plant", "Velo softens plan for Brandt plant",
     "Velo will close its plant in Brandt in 2027, cutting 3,100 jobs, the carmaker said on Tuesday. It hopes to save 240 million euros a year.\n\nThe plant built 128,000 cars last year, a third fewer than in 2019. Velo employs 54,000 people in all.",
     "After three days of protests, Velo said on Friday that 2,600 people rather than 3,100 would lose their jobs in Brandt, where 500 are to stay on and make batteries.\n\nThe carmaker, with a workforce of 54,000, now puts the savings at 210 million euros a year. Last year 128,000 cars left the plant, a third fewer than in 2019. It is to close in 2027.",
     ["3100 > 2600", "240000000 > 210000000"]),
    ("hostages", "Gunmen seize pupils in Dara", "Some pupils freed in Dara",
     "Gunmen on motorbikes abducted 87 pupils and three teachers from a boarding school in Dara state before dawn on Friday, police said.\n\nA guard was killed. The school, which has 420 pupils, is 15 kilometres from the nearest army post.",
     "Thirty-one pupils kidnapped from a boarding school in Dara state have been freed, the governor said on Sunday, giving the number taken on Friday as 94, with four teachers.\n\nThe gunmen killed a guard. There is no army post within 15 kilometres of the school and its 420 pupils.",
     ["87 > 94", "3 > 4"]),
    ("tennis", "Ruiz through in Halden", "Ruiz marches on",
     "Elena Ruiz needed 74 minutes to beat Mia Stone 6-2, 6-3 and reach the semi-finals in Halden. The Spaniard, 22, hit 31 winners and nine aces.\n\nShe has won 14 matches in a row. The tournament is worth $1.1 million.",
     "With nine aces and 34 winners, 22-year-old Elena Ruiz of Spain swept past Mia Stone 6-2, 6-3 in 78 minutes for her 14th win in a row.\n\nShe is in the semi-finals of the $1.1 million tournament in Halden.",
     ["31 > 34", "74 > 78"]),
    ("blackout", "Blackout hits Meren", "Power back in most of Meren",
     "A fault at a substation left 1.4 million people in Meren without electricity for up to four hours on Monday, the grid operator said.\n\nSubways stopped and 530 people had to be freed from lifts. Two hospitals ran on generators.",
     "Lifts were the worst of it: 612 people had to be freed from them when the lights went out in Meren on Monday.\n\nThe grid operator said that 1.6 million people had been cut off, some for as long as four hours, by a fault at a substation. Generators kept two hospitals going; the subway stood still.",
     ["530 > 612", "1400000 > 1600000"]),
    ("aid", "Donors pledge billions for Karsav", "Pledges for Karsav fall short",
     "Donors promised $6.2 billion for the reconstruction of Karsav at a conference in Geneva on Thursday, the hosts said. The European Union will give $2.1 billion and Japan $800 million.\n\nThe World Bank puts the damage at $14 billion. Some 1.9 million people are homeless.",
     "Karsav can count on $5.8 billion for its reconstruction, the hosts of the donor conference said on Friday after going through the pledges again. Japan's share was $400 million, not $800 million; the European Union's remains at $2.1 billion.\n\nDamage is estimated at $14 billion by the World Bank, and 1.9 million people have no home.",
     ["6200000000 > 5800000000", "800000000 > 400000000", "1900000 about > exact"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old_title", "new_title", "old", "new", "expected"),
    [case[1:] for case in STORIES],
    ids=[case[0] for case in STORIES],
)
def test_story(old_title, new_title, old, new, expected):
    assert sorted(changes(old, new, old_title, new_title)) == sorted(expected)
