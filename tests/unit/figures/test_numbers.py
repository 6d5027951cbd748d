"""Digits, words, scales, fractions and vague plurals."""

from decimal import Decimal

import pytest

from tests.unit.figures.brief import brief
from worker.core.figures.lexicon import load
from worker.core.figures.numerals import literal

CASES = [
    # digits and separators
    ("Some 2,300 houses burned.", "about 2300 house"),
    ("Officials counted 2 300 houses.", "2300 house"),
    ("Officials counted 1\u00a0200\u00a0500 votes.", "1200500 vote"),
    ("They found 12,34,567 ballots.", "1234567 ballot"),
    ("It cost 1'234 Swiss francs, then 2\u2019300\u2019000.", "1234 CHF; 2300000"),
    ("The average was .345 runs.", "0.345 run"),
    ("The index closed at 27,349.19.", "27349.19"),
    ("It was 1.000,5 kilometres long.", "1000.5 km"),
    ("The plot measures 1,234.5 acres.", "1234.5 acre"),
    # words
    ("Twenty-three miners died.", "23 miner"),
    ("He lived threescore years and ten.", "60 year; 10"),
    ("Three score men were lost.", "60 man"),
    ("Rates rose to 12,50 percent.", "12.5 %"),
    ("A ticket costs 7,5 euros.", "7.5 EUR"),
    ("One hundred and four goats escaped.", "104 goat"),
    ("Two thousand five hundred recruits arrived.", "2500 recruit"),
    ("Three million two hundred thousand voters registered.", "3200000 voter"),
    ("Nineteen hundred workers walked out.", "1900 worker"),
    ("About twenty thousand fans sang.", "about 20000 fan"),
    ("A hundred boats set sail.", "100 boat"),
    ("The sixty-five lorries left.", "65 lorry"),
    # scales
    ("Some 1.2 million hens were culled.", "about 1200000 hen"),
    ("It has 4.3M subscribers.", "4300000 subscriber"),
    ("The site drew 25k visitors.", "25000 visitor"),
    ("Exports reached 1.2m tonnes.", "1200000 t"),
    ("The mast is 37m high.", "37 m"),
    ("The state owes 3 lakh crore rupees.", "3000000000000 INR"),
    ("Ticket sales passed 54 crore.", "more_than 540000000"),
    ("Ten dozen eggs were sold.", "120 egg"),
    ("Three dozen clerks resigned.", "36 clerk"),
    ("A dozen clerks resigned.", "12 clerk"),
    ("Half a dozen clerks resigned.", "6 clerk"),
    ("Sales rose sixfold.", "6"),
    ("The mass is 5.97 × 10^24 kg.", "5970000000000000000000000 kg"),
    # halves and fractions
    ("It took two and a half years.", "2.5 year"),
    ("It took two-and-a-half years.", "2.5 year"),
    ("It took three and three quarters hours.", "3.75 h"),
    ("It fell thirty-seven point five percent.", "37.5 %"),
    ("It cost one point two five million euros.", "1250000 EUR"),
    ("It won by one point.", "1 point"),
    ("It needs 1 1/2 litres.", "1.5 L"),
    ("It needs 2½ litres.", "2.5 L"),
    ("It needs ¾ litre.", "0.75 L"),
    ("Half a million people signed.", "500000 person"),
    ("The tank was 1/4 full.", "0.25"),
    ("Half of the crops failed.", "0.5 crop"),
    ("A third of the crops failed.", "0.3333 crop"),
    ("Two-thirds of senators agreed.", "0.6667 senator"),
    ("Three quarters of senators agreed.", "0.75 senator"),
    ("Nearly a quarter of a million people came.", "nearly 250000 person"),
    ("Prices fell by a third.", "0.3333"),
    ("One in five households is in debt.", "0.2 household"),
    ("One in 20 households is in debt.", "0.05 household"),
    ("Nearly 4 in 10 households are in debt.", "nearly 0.4 household"),
    ("The second half was better.", ""),
    ("A third man was seen.", ""),
    ("The third quarter was strong.", ""),
    # pairs are two
    ("Gunners hit 84 of 91 drones.", "84 drone; 91 drone"),
    ("Four of the seven sailors survived.", "4 sailor; 7 sailor"),
    # vague plurals: the smallest that the word can mean
    ("Dozens of shops were looted.", "vague 24.. shop"),
    ("Scores of shops were looted.", "vague 40.. shop"),
    ("Hundreds of shops were looted.", "vague 200.. shop"),
    ("Thousands marched.", "vague 2000.."),
    ("Tens of thousands marched.", "vague 20000.."),
    ("Hundreds of thousands of people fled.", "vague 200000.. person"),
    ("Several hundred people fled.", "vague 200.. person"),
    ("A few thousand people fled.", "vague 2000.. person"),
    ("The plume rose hundreds of miles.", "vague 200.. mi"),
    ("It cost tens of millions of dollars.", "vague 20000000.. USD"),
    ("He scores every week.", ""),
    # zero
    ("No casualties were reported.", "0 casualty"),
    ("There were no immediate reports of injuries.", ""),
    ("Zero deaths were recorded.", "0 death"),
    ("There is no doubt.", ""),
    # more digits than any figure has are an identifier
    ("Account 1234567890123456 was frozen.", ""),
    ("It processed 123456789012345 requests.", "123456789012345 request"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0][:60] for c in CASES])
def test_numbers(text, expected):
    assert brief(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,200", "en", "1200"),
        ("1.200", "en", "1.2"),
        ("1,200.50", "en", "1200.5"),
        ("1.200,50", "en", "1200.5"),
        ("12.00", "en", "12"),
        ("1,2", "en", None),
        ("1,20,0", "en", None),
        ("1.2.3", "en", None),
        ("٣٤", "en", "34"),
        ("1234567890123456", "en", None),
        ("0.0000001", "en", "0.0000001"),
        ("9" * 100_000, "en", None),
    ],
)
def test_literals_follow_the_stated_rule_of_the_language(text, language, value):
    assert literal(text, load(language)) == (None if value is None else Decimal(value))
