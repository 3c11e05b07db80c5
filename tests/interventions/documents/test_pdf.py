"""The PDF itself: tagged, accessible, and safe for whatever people write."""

import io

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.documents import blocks
from interventions.documents.blocks import Bullets, Cell, Column, Facts, Heading, Paper, Paragraph
from interventions.documents.pdf import CannotRender, pdf, printable
from interventions.documents.pictures import bars, course
from tests.interventions.documents.reading import tags_of, text_of_pdf

HOSTILE = (
    '#include "/etc/passwd" #read("/etc/passwd") #import "@preview/cetz:0.3.0" $x^2$ @ref `raw` *b* _e_ <label> // c'
    " /* d */ \\u{41} [x] {y} ~ = kop - streep"
)


def paper(*parts, title="Een titel"):
    return Paper(title, "uitgave 2026", "2026-11-26T10:00:00Z", parts)


def catalog(content):
    return pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]


def test_it_is_tagged_dutch_titled_and_says_it_is_accessible():
    content = pdf(paper(Heading(2, "Kop"), Paragraph("Tekst"), title="Staat van de wijk"))

    root = catalog(content)
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "nl")
    assert pypdf.PdfReader(io.BytesIO(content)).metadata.title == "Staat van de wijk"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_headings_lists_and_tables_are_tagged_as_what_they_are():
    rows = blocks.table("Cijfers", [Column("Wat", 2), Column("Hoeveel", 1, number=True)], [["Sport", Cell("1,5")]])

    tags = [name for name, _alt in tags_of(pdf(paper(Heading(2, "A"), Heading(3, "B"), Bullets(("x", "y")), rows)))]

    assert [tags.count(name) for name in ("Title", "H1", "H2", "LI", "Table", "TR", "TH", "TD")] == [
        1, 1, 1, 2, 1, 2, 2, 2]  # fmt: skip
    assert "Caption" in tags


def test_a_chart_has_its_figures_in_words():
    chart = bars("Sport", [("Wekelijks", 30.5, 20.0, "better", 1)])
    line = course("Sport", "in procenten", 1, [("2022", 40.0), ("2023", 41.5)], [("2022", 40.0), ("2027", 45.0)])

    told = [alt for name, alt in tags_of(pdf(paper(chart, line))) if name == "Figure" and alt]

    assert "Sport. Wekelijks: 30,5 tegen 20,0." in told
    assert "Gemeten: 2022: 40,0, 2023: 41,5. Gewenst verloop: van 40,0 in 2022 naar 45,0 in 2027." in " ".join(told)


def test_fonts_are_all_inside_the_file():
    reader = pypdf.PdfReader(io.BytesIO(pdf(paper(Heading(2, "Kop"), Paragraph("Tekst")))))

    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]

    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)


def test_what_people_write_is_shown_and_never_carried_out():
    content = pdf(paper(Heading(2, HOSTILE), Paragraph(HOSTILE), Facts(((HOSTILE, HOSTILE),)), title=HOSTILE))

    assert text_of_pdf(content).count('#include "/etc/passwd" #read("/etc/passwd")') >= 4
    assert "root:" not in text_of_pdf(content)


def test_letters_without_a_font_are_replaced_and_said_to_be():
    content = pdf(paper(Paragraph("Zij zegt 😀😀 en 中文, Gülşen Yıldız en Łukasz niet"), Paragraph("a\x01b\u202ec")))

    text = text_of_pdf(content)
    assert "Zij zegt � en �, Gülşen Yıldız en Łukasz niet" in text
    assert "abc" in text
    assert "op de webpagina staan zij wel" in text
    assert printable("gewoon – ‘Nederlands’ €") == "gewoon – ‘Nederlands’ €"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029"])
def test_line_ends_of_unicode_are_line_ends_here(mark):
    assert printable(f"een{mark}twee") == "een\ntwee"
    assert pdf(paper(Paragraph(mark), title=mark)).startswith(b"%PDF")


def test_a_word_without_end_stays_on_the_page():
    content = pdf(paper(blocks.table("T", [Column("A"), Column("B")], [["W" * 4000, "kort"]])))

    reader = pypdf.PdfReader(io.BytesIO(content))
    right = max(_rightmost(page) for page in reader.pages)
    assert right < float(reader.pages[0].mediabox.width)
    assert sum(page.extract_text().count("W") for page in reader.pages) == 4000


def _rightmost(page):
    found = [0.0]
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.append(tm[4] + cm[4]) if text.strip() else 0)
    return max(found)


def test_the_same_document_gives_the_same_bytes():
    assert pdf(paper(Paragraph("x"))) == pdf(paper(Paragraph("x")))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40), st.lists(st.text(max_size=30), min_size=1, max_size=3))
def test_any_text_makes_a_document(text, name, lines):
    rows = blocks.table(name, [Column(name)], [[line] for line in lines])
    parts = (Heading(2, text), Paragraph(text), Bullets(tuple(lines)), Facts(((name, text),)), rows)

    content = pdf(paper(*parts, bars(name, [(text, 150.0, -3.0, "worse", 1)]), title=text or "x"))

    assert catalog(content)["/MarkInfo"]["/Marked"]


def test_what_typst_cannot_set_is_told_and_takes_no_worker_along(monkeypatch):
    class Panic(BaseException):
        """What a panic of Rust looks like from Python."""

    def panic(*_args, **_more):
        raise Panic("index out of bounds")

    monkeypatch.setattr("typst.compile", panic)

    with pytest.raises(CannotRender, match="out of bounds"):
        pdf(paper(Paragraph("x")))
