"""Charts: round steps, whole words, and everything told in words too."""

from xml.etree import ElementTree as Xml

from hypothesis import given
from hypothesis import strategies as st

from monitoring.charts import Bar, Line, cut, line_chart, profile_chart
from monitoring.periods import year

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=6)


def drawn(lines, **more):
    given_ = {"title": "Titel", "unit": "%", "source": "Bron: x", "decimals": 1, "language": "nl"} | more
    return Xml.fromstring(line_chart(lines=lines, **given_))


def line(*values, name="a"):
    return Line(name, tuple((year(2018 + at), value) for at, value in enumerate(values)))


@given(VALUES)
def test_every_figure_is_drawn_inside_the_picture(values):
    picture = drawn([line(*values)])

    _x, _y, width, height = map(float, picture.get("viewBox").split())
    marks = picture.findall(f"{SVG}circle")
    assert len(marks) == len(values)
    assert all(0 <= float(m.get("cx")) <= width and 0 <= float(m.get("cy")) <= height for m in marks)


def test_the_axis_has_round_steps():
    texts = [text.text for text in drawn([line(12.1, 14.5)]).findall(f"{SVG}text")]

    assert {"0,0", "5,0", "10,0", "15,0"} <= set(texts)


def test_names_of_lines_never_stand_on_each_other():
    picture = drawn([line(1, 2, name=f"een hele lange naam van reeks {n}" * 4) for n in range(4)])

    rows = [text.get("y") for text in picture.findall(f"{SVG}text") if "reeks" in text.text]
    assert len(rows) == len(set(rows)) == 4


def test_who_cannot_see_the_picture_misses_nothing():
    told = drawn([line(12.1, 14.5)], title="Schulden").find(f"{SVG}desc").text

    assert told == "Schulden (%). a: 2018 12,1, 2019 14,5"


def test_without_figures_it_says_why():
    picture = drawn([], note="Niet geleverd.")

    assert "Niet geleverd." in [text.text for text in picture.findall(f"{SVG}text")]


def test_a_text_is_cut_with_dots_and_markup_stays_text():
    assert (cut("abcdef", 4), cut("abcd", 4)) == ("abc…", "abcd")
    picture = Xml.fromstring(profile_chart(title="<b>&", source="s", heads=("a", "b", "c", "d"),
                                           rows=[Bar("<script>", "1", "2", "beter")]))  # fmt: skip
    assert picture.find(f"{SVG}script") is None
    assert "<script>" in [text.text for text in picture.findall(f"{SVG}text")]
