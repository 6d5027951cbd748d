"""Figures in a few words, so that a table of cases stays readable."""

from worker.core.figures import read_text


def brief(text, language="en"):
    """The figures of a text: "at_least 2300 soldier; 1.5..3 %; 80 USD/barrel"; conversions follow a "="."""
    return "; ".join(one(figure) for figure in read_text(text, language))


def one(figure):
    words = [] if figure.bound == "exact" else [figure.bound.value]
    words.append(span(figure.low, figure.high))
    if figure.unit or figure.noun:
        words.append(figure.unit or figure.noun)
    line = " ".join(words) + (f"/{figure.per}" if figure.per else "") + (" old" if figure.dimension == "age" else "")
    return f"{line} = {one(figure.conversion)}" if figure.conversion else line


def span(low, high):
    if high is None:
        return f"{plain(low)}.."
    return plain(low) if low == high else f"{plain(low)}..{plain(high)}"


def plain(value):
    text = f"{float(value):.4f}".rstrip("0").rstrip(".") if value != value.to_integral_value() else f"{int(value)}"
    return text or "0"
