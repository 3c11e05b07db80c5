"""What stands in a document, read back from the file: its numbers, its outline, its tags."""

import io
import re
from html.parser import HTMLParser

import openpyxl
import pypdf

NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?")
PAGE = re.compile(r"Bladzijde \d+ / \d+")


def numbers_of(value):
    """Every number anywhere in a JSON value, those inside its texts too."""
    if isinstance(value, dict):
        return {n for key, inner in value.items() for n in numbers_of(inner) | numbers_in(key)}
    if isinstance(value, list):
        return {n for inner in value for n in numbers_of(inner)}
    if isinstance(value, bool) or value is None:
        return set()
    return numbers_in(value) if isinstance(value, str) else as_shown(float(value))


def as_shown(number):
    """A number as documents may write it: with any of the decimals that indicators have."""
    return {round(abs(number), decimals) for decimals in (0, 1, 2, 3, 10)}


def numbers_in(text):
    """The numbers written in a text, Dutch (1.234,5) or not; a date counts as its parts."""
    found = set()
    for written in NUMBER.findall(text):
        found.add(float(written.replace(".", "").replace(",", ".")))
        if "," not in written:
            found.add(float(written) if written.count(".") == 1 else float(written.replace(".", "")))
    return found


def text_of_pdf(content):
    """All text of a PDF in one line, without the footers; words that were broken are whole again."""
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    text = re.sub(r"\s+", " ", PAGE.sub("", "\n".join(pages)).replace("\u200b", ""))
    return text.replace("\u00ad ", "").replace("\u00ad", "")


def tags_of(content):
    """Every structure element of a tagged PDF: (name, alternative text)."""
    root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if "/S" in one:
                found.append((one["/S"][1:], one.get("/Alt")))
            if "/K" in one:
                waiting.append(one["/K"])
    return found


def book_of(content, *, values=False):
    """values: what formulas were worth when the file was written."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells_of(book):
    return [cell for sheet in book for row in sheet for cell in row if cell.value is not None]


class Outline(HTMLParser):
    """Headings, pictures with their label, and all text of a page."""

    def __init__(self, content):
        super().__init__()
        self.found, self.open, self.texts, self.cells = [], [], [], []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)
            if self.open and self.open[-1] == "td":
                self.cells.append(data)
