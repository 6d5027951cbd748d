"""Reports that fill in the same form every day: the hardest look-alikes there are."""

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
TOWNS = ["Davor", "Hallstad", "Lindow", "Tole", "Aldergate", "Ostrava", "Brenna", "Selvia City", "Karsa", "Morava"]
CLUBS = ["Rovers", "Albion", "Harbour", "Dynamo", "Wanderers", "Sporting", "Athletic", "United", "Racing", "Olympia"]
PLAYERS = ["Sanna", "Okoye", "Brandt", "Ilic", "Moreau", "Tavares", "Lindqvist", "Petrov", "Haddad", "Quist"]
SHARES = ["Veltra", "Northgrid", "Corvex", "Brenna Lines", "NordRail", "Tarum", "Oskar Steel", "Maritima"]


def market(dice):
    up = dice.random() < 0.5
    a, b, c = dice.sample(SHARES, 3)
    number = dice.uniform
    return (
        f"The stock exchange closed {'higher' if up else 'lower'} on {dice.choice(DAYS)}, with the leading index "
        f"{'up' if up else 'down'} {number(0.1, 2.9):.1f} percent at {number(11_000, 15_000):,.2f} points.\n\n"
        f"Turnover was {number(2, 9):.1f} billion euros, compared with {number(2, 9):.1f} billion the day before.\n\n"
        f"{a} led the winners with a gain of {number(1, 7):.1f} percent, followed by {b}, which rose "
        f"{number(1, 5):.1f} percent.\n\n"
        f"At the bottom of the table {c} lost {number(1, 7):.1f} percent after analysts cut their estimates.\n\n"
        f"The euro was traded at {number(1.02, 1.2):.4f} dollars and a barrel of oil cost {number(60, 95):.2f} dollars."
    )


def weather(dice):
    return (
        f"{dice.choice(DAYS)} will be mostly {dice.choice(['cloudy', 'sunny', 'wet', 'dry'])} in {dice.choice(TOWNS)} "
        f"with highs between {dice.randint(2, 12)} and {dice.randint(13, 29)} degrees, the weather service said.\n\n"
        f"The wind blows from the {dice.choice(['north', 'south', 'east', 'west'])} with gusts of up to "
        f"{dice.randint(20, 90)} kilometres per hour along the coast.\n\n"
        f"At night the temperature falls to {dice.randint(-6, 9)} degrees, and there is a {dice.randint(1, 9)}0 "
        f"percent chance of rain.\n\n"
        f"The outlook for the next days is for more of the same, the service added."
    )


def quake(dice):
    town = dice.choice(TOWNS)
    return (
        f"An earthquake of magnitude {dice.uniform(3.5, 6.2):.1f} struck {dice.randint(5, 90)} kilometres "
        f"{dice.choice(['north', 'south', 'east', 'west'])} of {town} on {dice.choice(DAYS)}, the geological survey "
        f"said.\n\n"
        f"The quake hit at a depth of {dice.randint(4, 70)} kilometres at {dice.randint(1, 12)}:{dice.randint(10, 59)} "
        f"local time, and was felt in {dice.choice(TOWNS)}.\n\n"
        f"There were no immediate reports of casualties or damage, a spokesman for the civil protection said."
    )


def match(dice):
    home, guest = dice.sample(CLUBS, 2)
    scorers = dice.sample(PLAYERS, 3)
    return (
        f"{home} beat {guest} {dice.randint(2, 5)}-{dice.randint(0, 1)} at home on {dice.choice(DAYS)} and moved up to "
        f"{dice.choice(['second', 'third', 'fourth', 'fifth'])} place in the table.\n\n"
        f"{scorers[0]} opened the scoring in minute {dice.randint(2, 40)} with a header from close range, and "
        f"{scorers[1]} doubled the lead before the break.\n\n"
        f"{guest} came back into the game through a free kick by {scorers[2]} but could not find an equaliser in front "
        f"of {dice.randint(9, 60)},{dice.randint(100, 999)} spectators.\n\n"
        f"On the next match day {home} will travel to {dice.choice(CLUBS)}, while {guest} will play at home."
    )


def bulletin(dice):
    return (
        f"The health ministry reported {dice.randint(1_000, 9_999):,} new infections with the virus on "
        f"{dice.choice(DAYS)}, which brings the total since the beginning of the outbreak to "
        f"{dice.randint(100_000, 900_000):,}.\n\n"
        f"Another {dice.randint(11, 99)} people died of the disease within a day, so that the number of deaths is now "
        f"{dice.randint(2_000, 19_000):,}.\n\n"
        f"There were {dice.randint(300, 2_000):,} patients in hospitals, {dice.randint(30, 290)} of them in intensive "
        f"care, according to the ministry.\n\n"
        f"A total of {dice.randint(2, 40)},{dice.randint(100, 999)} people were vaccinated in the past 24 hours."
    )


def police(dice):
    town, age = dice.choice(TOWNS), dice.randint(18, 88)
    return (
        f"A {age}-year-old {dice.choice(['man', 'woman'])} was seriously injured when a "
        f"{dice.choice(['lorry', 'bus', 'van', 'tram'])} collided with a {dice.choice(['bicycle', 'car', 'scooter'])} "
        f"in {town} on {dice.choice(DAYS)}, police said.\n\n"
        f"The accident happened at {dice.randint(1, 12)}:{dice.randint(10, 59)} at the corner of "
        f"{dice.choice(PLAYERS)} Street and {dice.choice(PLAYERS)} Avenue.\n\n"
        f"The {age}-year-old was taken to hospital by helicopter, and the road was closed for "
        f"{dice.randint(1, 5)} hours.\n\n"
        f"Police put the damage at {dice.randint(3, 60)},000 euros and asked witnesses to come forward."
    )


FORMS = [market, weather, quake, match, bulletin, police]
