"""Money, percent, measures, ages, rates, conversions."""

from decimal import Decimal

import pytest

from tests.unit.figures.brief import brief
from worker.core.figures.lexicon import load

CASES = [
    # money before the number
    ("It cost $1.4bn.", "1400000000 USD"),
    ("It cost $ 75 million.", "75000000 USD"),
    ("It cost US$5m.", "5000000 USD"),
    ("It cost $US113 trillion.", "113000000000000 USD"),
    ("It cost C$6 a share.", "6 CAD/share"),
    ("It cost HK$3.7 billion.", "3700000000 HKD"),
    ("It cost A$20,000.", "20000 AUD"),
    ("It cost €50 million.", "50000000 EUR"),
    ("It cost £3.50 per litre.", "3.5 GBP/litre"),
    ("It cost ¥28,030.", "28030 JPY"),
    ("It cost Y=28,030.", "28030 JPY"),
    ("It cost ₹1,200 crore.", "12000000000 INR"),
    ("It cost Rs 3,500 crore.", "35000000000 INR"),
    ("It cost RM23.50.", "23.5 MYR"),
    ("It cost USD10m.", "10000000 USD"),
    ("It cost EUR 125.", "125 EUR"),
    ("It cost CHF 20,000.", "20000 CHF"),
    ("It cost R500.", "500 ZAR"),
    ("It cost ₦700.", "700 NGN"),
    ("It cost MAUD 60.", "60000000 AUD"),
    ("Part of a $700 million deal.", "700000000 USD"),
    ("The gap was $-50.8bn.", "-50800000000 USD"),
    ("It cost $5 million dollars.", "5000000 USD"),
    # money behind the number
    ("It cost 1.5bn euros.", "1500000000 EUR"),
    ("It cost 100 euros.", "100 EUR"),
    ("It cost 10 rmb 20 usd.", "10 CNY; 20 USD"),
    ("It cost rmb 10 usd 20.", "10 CNY; 20 USD"),
    ("It cost DKr 5bn.", "5000000000 DKK"),
    ("It cost 3 quid.", "3 GBP"),
    ("It cost 15 €.", "15 EUR"),
    ("It cost 110 JPY.", "110 JPY"),
    ("It cost 115.5USD.", "115.5 USD"),
    ("It cost 30 MUSD.", "30000000 USD"),
    ("It cost 75 USD million.", "75000000 USD"),
    ("It cost 9 billion yuan.", "9000000000 CNY"),
    ("It cost 3.5 million Swiss francs.", "3500000 CHF"),
    ("It cost 10 Turkish lira.", "10 TRY"),
    ("It cost 5,000 rupees.", "5000 rupee"),
    ("It cost 361 million pounds.", "361000000 GBP"),
    ("He was fined 500 pounds.", "500 GBP"),
    ("She lost 25 pounds.", "25 lb"),
    ("The suitcase held 2,000 pounds of cocaine.", "2000 lb"),
    ("It rose 18 sen.", "18 sen"),
    ("It cost 45 cents.", "45 cent"),
    ("It cost 3 dollars 50 cents.", "3.5 USD"),
    ("It cost thirteen dollars and forty-five cents.", "13.45 USD"),
    ("It cost 15 dollars 50.", "15.5 USD"),
    ("They won 14 medals.", "14 medal"),
    ("It cost 300,000 won.", "300000 KRW"),
    # percent
    ("It fell 3.5%.", "3.5 %"),
    ("It fell 3.5 per cent.", "3.5 %"),
    ("It fell 0.3pc.", "0.3 %"),
    ("It fell five percentage points.", "5 pp"),
    ("It fell 25 basis points.", "25 bp"),
    ("It fell 3%-5%.", "3..5 %"),
    # measures
    ("The road is 15 km long.", "15 km"),
    ("The road is 2,000km long.", "2000 km"),
    ("It covers 40 sq km.", "40 km²"),
    ("It covers 190 km2.", "190 km²"),
    ("It is a six-square-mile lake.", "6 mi²"),
    ("A 10-gallon drum leaked.", "10 gal"),
    ("It pumps 2.4 billion gallons of water a year.", "2400000000 gal/year"),
    ("It pumps 800,000 barrels a day.", "800000 bbl/day"),
    ("Winds hit 74 mph.", "74 mph"),
    ("Winds hit 120 kilometres per hour.", "120 km/h"),
    ("It carries 3 metric tons.", "3 t"),
    ("It carries 3 tons.", "3 ton"),
    ("He is 6ft 2in.", "6 ft; 2 in"),
    ("It is 12 ft 2 in more or less.", "12 ft; about 2 in"),
    ("It makes 640bhp.", "640 bhp"),
    ("It stores 256GB.", "256 GB"),
    ("It streams at 30Mbps.", "30 Mbit/s"),
    ("A 5 W charger came.", "5 W"),
    ("A 30-year bond yields 4%.", "30 year; 4 %"),
    ("It lasted 90 minutes.", "90 min"),
    ("It took 9.58 seconds.", "9.58 s"),
    ("It fell to -31.4C.", "-31.4 °C"),
    ("It fell to minus 12 degrees Celsius.", "-12 °C"),
    ("It fell to minus-130 degrees Fahrenheit.", "-130 °F"),
    ("It rose by 20 degrees.", "20 °"),
    ("A 7.8-magnitude quake struck.", "7.8 magnitude"),
    ("A magnitude 5.9 quake struck.", "5.9 magnitude"),
    ("The load was 20 (kg).", "20 kg"),
    ("Sub-7 nanometre chips sell.", "less_than 7 nm"),
    # ages
    ("A 68-year-old man died.", "68 year old"),
    ("A teacher of 51 and a girl of 17 died.", "51 year old; 17 year old"),
    ("The school has a staff of 51 teachers.", "51 teacher"),
    ("She is 29 years old.", "29 year old"),
    ("He died at the age of 91.", "91 year old"),
    ("The dead were aged between 16 and 22.", "16..22 year old"),
    ("Ann Poe, 34, survived.", "34 year old"),
    ("A girl of 15 was hurt.", "15 year old"),
    ("A boy of nine and a woman of 44 died.", "9 year old; 44 year old"),
    ("He is the man of 15 goals.", "15 goal"),
    ("She is a mother of five children.", "5 child"),
    ("A father of three drowned.", "3"),
    ("A mother of 34 was hurt.", "34 year old"),
    ("An increase of 15 was seen.", "15"),
    ("Her brother, 9, survived.", "9 year old"),
    ("The flute is a century old.", "1 century old"),
    ("She was a year old.", "1 year old"),
    ("He is a 6-foot-5 guard.", "6.4167 ft"),
    ("He is 5'10\" tall.", "5.8333 ft"),
    ("The baby is ten months old.", "10 month old"),
    ("It is diagnosed at eighteen months of age.", "18 month old"),
    # a conversion belongs to what it converts
    ("Troops moved 15 kilometers (9 miles).", "15 km = 9 mi"),
    ("It cost 9 billion yuan (US$1.3 billion).", "9000000000 CNY = 1300000000 USD"),
    ("It makes just under 296 hp (224 kW / 300 PS).", "less_than 296 hp = less_than 224 kW = less_than 300 PS"),
    ("It rose to 45°C (113°F).", "45 °C = 113 °F"),
    ("It gave to 12 groups (40 people).", "12 group; 40 person"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0][:60] for c in CASES])
def test_units(text, expected):
    assert brief(text) == expected


SAME = [
    # one quantity, written in several ways (robustness C16)
    ["1000 tents", "1,000 tents", "1 000 tents", "a thousand tents", "one thousand tents"],
    ["5%", "5 %", "5 per cent", "five percent", "5 pct"],
    ["$1.2bn", "$1,200m", "$1.2 billion", "US$1.2bn", "1.2 billion dollars", "USD 1.2 billion"],
    ["2,300 tents", "2.3 thousand tents", "twenty-three hundred tents", "2 300 tents"],
]
OTHER = [
    # one number, but another unit or currency (robustness C17)
    ["$5m", "€5m", "£5m", "A$5m", "5m yen"],
    ["5 km", "5 miles", "5 metres", "5%", "5 percentage points", "5 kg"],
]


@pytest.mark.parametrize("ways", SAME, ids=[w[0] for w in SAME])
def test_a_quantity_written_in_other_ways_is_the_same(ways):
    assert len({brief(f"It needs {way}.") for way in ways}) == 1


@pytest.mark.parametrize("ways", OTHER, ids=[w[0] for w in OTHER])
def test_the_same_number_in_other_units_is_not(ways):
    assert len({brief(f"It needs {way}.") for way in ways}) == len(ways)


def test_measures_have_a_dimension_and_a_factor_to_its_base():
    units = load("en").units
    assert len(units) >= 150
    assert units["km"].factor == 1000 * units["m"].factor
    assert units["mi"].factor / units["ft"].factor == 5280
    assert units["lb"].factor / units["oz"].factor == Decimal(16)
    assert units["km"].dimension == units["mi"].dimension == "length"


@pytest.mark.parametrize("unit", load("en").units.values(), ids=lambda unit: unit.symbol)
def test_every_measure_is_read_by_its_name(unit):
    assert brief(f"It needs 7 {unit.name}.").startswith(f"7 {unit.symbol}")
