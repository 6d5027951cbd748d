import pytest

from worker.core.revisions.words import lexicon, sentence_spans, stem


def sentences(text):
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two died. Three fled.", ["Two died.", "Three fled."]),
        ("Dr. Ruiz met Gen. Adan. Both left.", ["Dr. Ruiz met Gen. Adan.", "Both left."]),
        ("R. Banik spoke at 5 p.m. on Sunday. It rained.", ["R. Banik spoke at 5 p.m. on Sunday.", "It rained."]),
        ("The U.N. said no. It left.", ["The U.N. said no.", "It left."]),
        ("One line\nAnother line\n\nThird", ["One line", "Another line", "Third"]),
        ("“It is gone.” She wept.", ["“It is gone.”", "She wept."]),
        ("It fell 3.5 percent. Why?", ["It fell 3.5 percent.", "Why?"]),
        ("   \n\n  ", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("kill", "killed"), ("kill", "killing"), ("party", "parties"), ("vehicle", "vehicles"), ("breck's", "breck"),
     ("injure", "injured"), ("march", "marches"), ("stop", "stopped"), ("fall", "falling")],
)  # fmt: skip
def test_forms_of_one_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["gas", "bed", "king", "was", "is"])
def test_short_words_are_left_alone(word):
    assert stem(word) == word


@pytest.mark.parametrize("language", ["en", "en-GB", "xx", "../en", ""])
def test_a_language_without_a_lexicon_gets_the_english_one(language):
    assert lexicon(language).concepts == lexicon("en").concepts


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By our reporter · 2 min read · 5 comments", True),
        ("By Nuala Breen | 5 min read | Listen", True),
        ("12 comments · 3 shares", True),
        ("The council received 12 comments on the plan.", False),
        ("Norland | 12 dead", False),
        ("It takes 5 min to read.", False),
    ],
)
def test_furniture(line, expected):
    assert (lexicon("en").furniture.search(line) is not None) is expected
