"""load(dump(m)) == m, in every format that can be loaded."""

import csv
import hashlib
import io
import itertools
import zipfile

import networkx as nx
import openpyxl
import orjson
import pytest
from hypothesis import given, settings

from factors.canonical import checksum
from factors.exchange import archive, graphs, json_text, workbook
from factors.exchange.taking import take
from factors.ranking import compile_model
from factors.reference.public_model import FOLDER, read_content
from factors.register import ranking_model
from tests.factors.contents import DOMAINS, contents

FORMATS = [workbook, archive, json_text]


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=40, deadline=None)
@given(content=contents())
def test_what_is_written_is_read_back_to_the_last_bit(form, content):
    assert take(form.read(form.write(content)), domains=DOMAINS) == content


@pytest.mark.parametrize("form", FORMATS)
def test_the_public_model_comes_back_with_the_same_checksum(form):
    content = read_content(FOLDER)
    domains = {goal.domain_code for goal in content.goals}

    assert checksum(take(form.read(form.write(content)), domains=domains)) == checksum(content)


@given(content=contents())
@settings(max_examples=40, deadline=None)
def test_the_checksum_is_that_of_the_json_file(content):
    assert hashlib.sha256(json_text.write(content)).hexdigest() == checksum(content)


@given(content=contents())
@settings(max_examples=20, deadline=None)
def test_no_text_that_goes_out_can_run_as_a_formula(content):
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(content)))
    with zipfile.ZipFile(io.BytesIO(archive.write(content))) as files:
        tables = [csv.reader(io.StringIO(files.read(name).decode(), newline="")) for name in files.namelist()]

    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value[:1] in tuple("=+@\t\r"))
    for cells in itertools.chain.from_iterable(tables):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)


def test_closed_lists_are_drop_downs_and_the_help_is_dutch():
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(read_content(FOLDER))))

    assert book.sheetnames == ["uitleg", "factors", "goals", "sources", "descriptions", "relations"]
    lists = {rule.formula1 for rule in book["relations"].data_validations.dataValidation}
    assert '"yes,no,unknown"' in lists
    assert "Verplicht" in " ".join(str(cell.value) for cell in book["uitleg"]["C"])


def test_other_programs_read_the_graphs():
    content = read_content(FOLDER)
    relations = compile_model(ranking_model(content)).relations

    graph = nx.parse_graphml(graphs.graphml(content, relations).decode())
    elements = orjson.loads(graphs.cytoscape(content, relations))["elements"]

    assert (graph.number_of_nodes(), graph.number_of_edges()) == (101, 264)
    assert nx.is_directed(graph)
    assert graph.nodes["social-emotional-skills"]["kind"] == "promotive"
    assert (len(elements["nodes"]), len(elements["edges"])) == (101, 264)
