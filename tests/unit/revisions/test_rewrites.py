# ruff: noqa: ISC004, E501 -- sentences as a newspaper prints them, one beside the other
"""Stories told anew: hardly a sentence survives, and only some of the figures change."""

import pytest

from tests.unit.revisions.test_cases import changes

REWRITES = [
    ("strike", [
        "Some 4,200 nurses walked out of nine hospitals in the north on Tuesday, their union said.",
        "The ministry offers 3.5 percent more pay. Talks broke down after 11 hours.",
        "Operations on 640 patients were put off.",
    ], [
        "After 11 hours of talks that led nowhere, nurses stayed away from nine northern hospitals.",
        "Their union counted 4,600 nurses on the picket lines; the offer on the table, 3.5 percent, has not moved.",
        "For 710 patients it meant an operation put off.",
    ], ["4200 > 4600", "640 > 710"]),
    ("market", [
        "The Vanor 50 index closed 1.8 percent lower at 7,412 points on Friday.",
        "Shares in Altmark Steel lost 6.3 percent after it cut its forecast for operating profit to 210 million euros.",
        "Brent crude cost $71.40 a barrel.",
    ], [
        "Altmark Steel was the day's worst performer, falling 6.9 percent: it now expects an operating profit of only "
        "210 million euros.",
        "Overall the Vanor 50 shed 1.8 percent on Friday and ended at 7,409 points.",
        "A barrel of Brent crude went for $71.40.",
    ], ["7412 > 7409", "6.3 > 6.9"]),
    ("budget", [
        "The city council passed a budget of 1.9 billion euros on Thursday, 74 million more than this year.",
        "It sets aside 120 million for schools and 45 million for cycle paths. Bus tickets will cost 2.80 euros.",
    ], [
        "Bus tickets will go up to 2.90 euros, the council decided on Thursday when it adopted its budget.",
        "Of the 1.9 billion euros, schools get 120 million and cycle paths 54 million. That is 74 million more than the "
        "city spends this year.",
    ], ["45000000 > 54000000", "2.8 > 2.9"]),
    ("storm", [
        "Gusts of 140 km/h tore roofs off houses in Port Lenn on Sunday. About 18,000 homes were without power.",
        "The fire brigade answered 310 calls. A man of 58 was killed by a falling tree.",
    ], [
        "A falling tree killed a man, 58, as a storm swept over Port Lenn on Sunday.",
        "Firefighters answered 385 calls. With gusts reaching 140 km/h, roofs were torn off and 22,500 homes lost their "
        "electricity.",
    ], ["18000 > 22500", "310 > 385"]),
    ("army", [
        "The army said it had destroyed 41 armoured vehicles and taken 130 prisoners in the battle for the Orsk crossing.",
        "Its own losses were 17 dead. The rebels put the number of soldiers killed at 90.",
    ], [
        "In the fight for the crossing at Orsk, the army has by its own account captured 155 rebels and put 41 armoured "
        "vehicles out of action.",
        "It admits to 17 dead; the rebels claim to have killed 90 soldiers.",
    ], ["130 > 155"]),
    ("vaccine", [
        "The vaccine was 82 percent effective in a study with 12,400 people, its maker said.",
        "Fever occurred in 6 percent of those vaccinated. A dose will cost $14.",
    ], [
        "Of those who got the shot, 6 percent had a fever. It protected 79 percent of them, according to the corrected data "
        "of the study, in which 12,400 people took part.",
        "The maker wants $14 for a dose.",
    ], ["82 > 79"]),
    ("match", [
        "Marta Silva scored 27 points for the Falcons in a 91-84 win over Dunmore in front of 11,200 spectators.",
        "It was their sixth victory in seven games.",
    ], [
        "The Falcons have won six of their last seven games. On Saturday, before a crowd of 11,200, they beat Dunmore "
        "91-84, with Marta Silva contributing 29 points.",
    ], ["27 > 29"]),
    ("election", [
        "With 62 percent of the votes counted, the Union leads with 41.3 percent, ahead of Labour with 36.8 percent.",
        "Turnout was 71 percent, the commission said.",
    ], [
        "Labour is closing in: it has 38.1 percent against 40.2 percent for the Union, the commission said, with 85 percent of "
        "the votes counted.",
        "It put turnout at 71 percent.",
    ], ["62 > 85", "41.3 > 40.2", "36.8 > 38.1"]),
    ("court", [
        "The chain was fined £2.4 million for selling 31,000 toys that failed safety tests.",
        "The judge gave it 60 days to pay. It has 212 shops.",
    ], [
        "For selling toys that had failed safety tests, 31,000 of them, the chain with its 212 shops must pay a fine of "
        "£2.6 million.",
        "It has 60 days.",
    ], ["2400000 > 2600000"]),
    ("migrants", [
        "A boat with 74 people aboard sank off Cape Tarin on Monday. The coast guard rescued 51 and recovered eight bodies.",
        "Last year 1,140 people died on the route.",
    ], [
        "The coast guard has found 11 bodies off Cape Tarin, where a boat went down on Monday.",
        "Of the 74 people on board, 51 were saved. The route claimed 1,140 lives last year.",
    ], ["8 > 11"]),
]  # fmt: skip


OTHER_THINGS = [
    ("next day's deaths", [
        "Gunmen killed six villagers in the district of Arwa on Monday, the governor said.",
        "Three houses were set on fire.",
    ], [
        "Four traders were shot dead in the district of Arwa on Wednesday, two days after six villagers had been killed there.",
        "A market stall burned down.",
    ]),
    ("background swapped", [
        "A fire in a night club in Solin killed 23 people early on Sunday, the mayor said.",
        "In 2009, 66 people died in a club fire in the same region.",
    ], [
        "Twenty-three people were killed by a fire in a night club in Solin early on Sunday, according to the mayor.",
        "Safety inspectors had closed 41 clubs in the region since 2021.",
    ]),
    ("monthly figures", [
        "The airport handled 1.2 million passengers in June, 4 percent more than a year earlier.",
        "Cargo rose by 9 percent to 41,000 tonnes.",
    ], [
        "The airport handled 1.4 million passengers in July, 6 percent more than a year earlier.",
        "Cargo rose by 2 percent to 43,000 tonnes.",
    ]),
    ("another claim", [
        "The union said 9,000 workers downed tools.",
    ], [
        "The company said 2,500 workers downed tools.",
    ]),
    ("a second crash", [
        "A lorry hit a school bus near Tolm on Tuesday, killing two pupils. Nine were injured.",
    ], [
        "A lorry ran into a minibus near Tolm on Thursday, killing five farm workers, two days after a crash at the same spot "
        "in which two pupils died and nine were injured.",
    ]),
    ("weather of the next day", [
        "Temperatures reached 38 degrees Celsius in Arun on Monday.",
    ], [
        "Temperatures reached 41 degrees Celsius in Arun on Tuesday after 38 degrees on Monday.",
    ]),
    ("the next match", [
        "Dunmore beat Halvat 3-1 on Saturday in front of 20,500 people.",
    ], [
        "Dunmore lost 0-2 to Kaldor on Wednesday in front of 18,900 people.",
    ]),
    ("the same in other words", [
        "Two in three households, 66 percent, have a garden; 1.5 million of them grow vegetables.",
    ], [
        "Vegetables are grown by 1,500,000 households. Sixty-six percent have a garden.",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in OTHER_THINGS], ids=[case[0] for case in OTHER_THINGS])
def test_other_things_are_not_revisions(old, new):
    assert changes("\n\n".join(old), "\n\n".join(new)) == []


TAKEN_BACK = [
    ("declined to repeat", "The mine employs 900 people. Police said 14 men were missing after the collapse.",
     "The mine employs 900 people. Police declined to repeat a number for the men missing after the collapse.",
     ["14 withdrawn"]),
    ("removed the figure", "The bank will cut 2,000 jobs and save 300 million euros, it said.",
     "The bank will cut 2,000 jobs, it said. It removed an estimate of the savings from its statement.",
     ["300000000 withdrawn"]),
    ("several instead", "The blast injured 17 people in the market, a hospital said. The dead were all traders.",
     "The blast injured several people in the market, a hospital said. The dead were all traders.", ["17 withdrawn"]),
    ("unclear", "Some 60 tourists were on board the boat when it sank, the harbour master said. Ten were rescued.",
     "It was unclear how many tourists were on board the boat when it sank. Ten were rescued.", ["60 withdrawn"]),
    ("price not disclosed", "Norvik is buying the yard for $85 million, the company said. The yard has two docks.",
     "Norvik is buying the yard, the company said. It did not disclose the price. The yard has two docks.",
     ["85000000 withdrawn"]),
    ("age not confirmed", "Police arrested a 34-year-old man after the attack in Orlin.",
     "Police arrested a man after the attack in Orlin. They would not confirm his age.", ["34 withdrawn"]),
    ("cut for length", "Two died in the crash near Orlin. The road was built in 1971 and carries 9,000 cars a day.",
     "Two died in the crash near Orlin.", []),
    ("another figure stays", "The ministry said 40 rebels and 3 soldiers were killed in the raid.",
     "The ministry said 3 soldiers were killed in the raid. It took back its figure for the rebels killed.",
     ["40 withdrawn"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in TAKEN_BACK], ids=[c[0] for c in TAKEN_BACK])
def test_taken_back(old, new, expected):
    assert changes(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"), [case[1:] for case in REWRITES], ids=[case[0] for case in REWRITES]
)
def test_rewrite(old, new, expected):
    assert sorted(changes("\n\n".join(old), "\n\n".join(new))) == sorted(expected)
