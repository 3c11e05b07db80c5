"""What of WCAG 2.2 AA a machine can see in our own pages: language, headings, labels, tables, contrast."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client

import web
from tests.factories import accounts as account_factory

pytestmark = pytest.mark.usefixtures("stores")
OPEN = ["/", "/toegankelijkheid", "/inloggen", "/nergens", "/waarom"]
OWN = ["/mijn", "/mijn/wachtwoord", "/mijn/aanbod", "/mijn/aanleveren"]


class Page(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def named(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]


def read(path, client=None):
    return (client or Client()).get(path, HTTP_ACCEPT="text/html").content.decode()


def own_page(path):
    client = Client()
    client.force_login(account_factory.person("partner"), "django.contrib.auth.backends.ModelBackend")
    return read(path, client)


@pytest.mark.parametrize("path", [*OPEN, *OWN])
def test_a_page_says_its_language_has_one_heading_and_labels_each_field(path):
    page = Page(own_page(path) if path in OWN else read(path))

    levels = [int(tag[1]) for tag, _attributes in page.tags if re.fullmatch(r"h[1-6]", tag)]
    labels = {label.get("for") for label in page.named("label")}
    fields = [
        field for field in page.named("input", "select", "textarea") if field.get("type") not in {"hidden", "submit"}
    ]
    assert page.named("html") == [{"lang": "nl"}]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(field["id"] in labels for field in fields)
    assert page.named("a")[0] == {"class": "skip-link", "href": "#inhoud"}
    assert all(cell.get("scope") in {"col", "row"} for cell in page.named("th"))
    assert not any(int(attributes.get("tabindex", 0)) > 0 for _tag, attributes in page.tags)
    assert all(attributes.get("alt") is not None for attributes in page.named("img"))


def test_a_page_speaks_english_when_asked():
    page = Client().get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert '<html lang="en">' in page
    assert "Steer on what works" in page


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    ("text", "background", 4.5), ("text", "subtle", 4.5), ("link", "background", 4.5), ("link", "subtle", 4.5),
    ("link-hover", "background", 4.5), ("on-accent", "accent", 4.5), ("focus", "focus-background", 4.5),
    ("border", "background", 3), ("alert", "background", 3), ("focus", "background", 3),
]  # fmt: skip


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_differ_enough(front, back, least):
    style = (Path(web.__file__).parent / "static/web/tokens.css").read_text()
    colours = dict(re.findall(r"--fm-color-([\w-]+): (#[0-9a-f]{6})", style))

    assert contrast(colours[front], colours[back]) >= least


def test_styles_take_their_colours_from_the_tokens_alone():
    style = (Path(web.__file__).parent / "static/web/pages.css").read_text()

    assert not re.findall(r"#[0-9a-fA-F]{3,6}\b|rgb\(|url\(|@import", style)
