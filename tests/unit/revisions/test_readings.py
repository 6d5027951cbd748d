import pytest

from worker.core.figures import read
from worker.core.revisions.readings import readings
from worker.model import Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deaths fell from 55 to 44 in a year.", ["55", "44"]),
        ("The number of jobless rose by 31,000 to 548,000.", ["31000", "548000"]),
        ("Sales will grow by 3 to 5 percent.", ["3-5"]),
        ("Norland beat Ardania 2-1 on Sunday.", ["2", "1"]),
        ("The lake rose by 1.2 metres (3 feet 11 inches).", ["1.2"]),
        ("It brought 34 and 21 millimetres.", ["34 mm", "21 mm"]),
        ("Twelve men and 21 women fled.", ["12", "21"]),
    ],
)
def test_readings(text, expected):
    found = list(readings(read(Text("", text)), text))
    for figure, said in zip(found, expected, strict=True):
        ends = {f"{end.normalize():f}" for end in (figure.low, figure.high) if end is not None}
        assert ends == set(said.split()[0].split("-"))
        assert " " not in said or figure.unit == said.split()[1]
        assert 0 <= figure.start < figure.end <= len(text)
