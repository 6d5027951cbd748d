"""What desks do to agency copy, one function an editor's habit; chance is handed in."""

import re

STYLE = {
    "en": [
        (r"\bpercent\b", "per cent"), (r" million\b", "m"), (r"\bkilled\b", "left dead"), (r"\bsaid\b", "has said"),
        (r"\babout\b", "around"), (r"\bon (Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b", r"\1"),
        (r"\btold reporters\b", "told journalists"), (r"\bmetres\b", "meters"), (r'"([^"]*)"', "\u201c\\1\u201d"),
        (r"\bmore than\b", "over"), (r"\baccording to\b", "as stated by"), (r"\ba year\b", "per year"),
    ],
    "es": [(r"\bAl menos\b", "Por lo menos"), (r"\binformaron\b", "dijeron"), (r'"([^"]*)"', "\u00ab\\1\u00bb"),
           (r"\bunas\b", "cerca de"), (r"\bheridas\b", "lesionadas")],
    "de": [(r" Milliarden\b", " Mrd."), (r"\bsagte\b", "erkl\u00e4rte"), (r'"([^"]*)"', "\u201e\\1\u201c"),
           (r"\bvor allem\b", "besonders"), (r"\bnach der Sitzung\b", "im Anschluss")],
    "fr": [(r"\bQuelque\b", "Environ"), (r'"([^"]*)"', "\u00ab \\1 \u00bb"), (r"\ba annonc\u00e9\b", "a indiqu\u00e9"),
           (r"\bselon\b", "d'apr\u00e8s")],
}  # fmt: skip
LANGUAGE = {"inundacion": "es", "haushalt": "de", "incendie": "fr"}
LOCAL = [
    "Two students from our region are among those affected, their families told this newspaper over the telephone.",
    "The mayor of our own town said she was following the news closely and offered the help of the volunteer brigade.",
    "Readers who want to help can bring clothes and tinned food to the parish hall in Station Road until Saturday.",
]
FILLER = ["quickly", "also", "reportedly", "then", "officially", "meanwhile", "again", "later", "however", "still"]
FOOTER = [
    "You can read more on this subject in our weekly letter, which reaches its subscribers every Friday at noon.",
    "Our newsroom answers to a code of conduct that is published on this site, and errors are corrected in the open.",
    "If you would like to support independent reporting in the region you can become a member for five euros a month.",
]
EDITIONS = "\n".join(f"Edition of {town}" for town in (
    "Arvela", "Brenna", "Corvo", "Davor", "Elster", "Fjordby", "Gorna", "Hallstad", "Ilmen", "Jarvo", "Karsa", "Lindow",
    "Morava", "Narva Bay", "Ostrava West", "Pernik", "Quarto", "Rosten", "Selvia", "Tole", "Umber", "Vasa", "Wexley",
))  # fmt: skip


def paragraphs(text):
    return text.split("\n\n")


def joined(parts):
    return "\n\n".join(parts)


def without_dateline(text):
    return re.sub(r"^[A-Z]+(?:, \w+ \d+)? \(Meridian\) (?:- )?", "", text)


def credited(text):
    return f"{without_dateline(text)}\n\nMeridian"


def house_style(text, story):
    for pattern, instead in STYLE[LANGUAGE.get(story, "en")]:
        text = re.sub(pattern, instead, text)
    return text


def cut(text, share):
    """Shortened from the bottom, as agencies write for."""
    parts = paragraphs(text)
    return joined(parts[: max(2, round(len(parts) * share))])


def middle(text):
    """Without the beginning and the end."""
    return joined(paragraphs(text)[1:-2])


def relocalised(text, dice):
    """A local beginning and end, and less of the middle."""
    first, last = dice.sample(LOCAL, 2)
    return joined([first, *paragraphs(text)[:-2], last])


def new_lead(text, dice):
    """The first sentence written anew around the same facts."""
    first, *rest = paragraphs(text)
    words = first.rstrip(".").split()
    half = len(words) // 2
    return joined([f"{' '.join(words[half:]).capitalize()} {dice.choice(FILLER)}, {' '.join(words[:half])}.", *rest])


def merged(text):
    """Two paragraphs become one."""
    parts = paragraphs(text)
    return joined([" ".join(parts[i : i + 2]) for i in range(0, len(parts), 2)])


def touched_up(text, dice, share=0.06):
    """One word in some is dropped, doubled by another or moved."""
    out = []
    for word in text.split(" "):
        chance = dice.random()
        if chance < share / 2 and "\n" not in word and not any(c.isdigit() for c in word):
            continue
        out.append(word)
        if chance > 1 - share / 2 and "\n" not in word:
            out.append(dice.choice(FILLER))
    return " ".join(out)


def reordered(text):
    """Two paragraphs in the middle change places."""
    parts = paragraphs(text)
    parts[2], parts[3] = parts[3], parts[2]
    return joined(parts)


def refigured(text, dice, count=1):
    """Some figures are others: the agency corrected itself, or a desk mistyped."""
    numbers = list(re.finditer(r"\d+", text))
    for match in sorted(dice.sample(numbers, min(count, len(numbers))), key=lambda m: -m.start()):
        text = text[: match.start()] + str(int(match[0]) + dice.randint(1, 9)) + text[match.end() :]
    return text


def footed(text):
    """With what the outlet puts under each article."""
    return joined([text, *FOOTER])


def listed(text):
    """With the list of regional editions that extraction took in."""
    return f"{EDITIONS}\n\n{text}"
