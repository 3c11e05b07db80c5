"""The workbook in another program than ours: LibreOffice opens it, reckons again and finds the same."""

import shutil
import subprocess

import pytest

from interventions.documents.workbook import workbook
from tests.interventions.documents.reading import book_of, cells_of, text_of_pdf
from tests.interventions.documents.sample import ANALYSIS

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here"),
]


def converted(source, form):
    """A workbook as LibreOffice writes it in another form."""
    folder = source.parent / form
    command = [SOFFICE, f"-env:UserInstallation=file://{source.parent}/profile", "--headless", "--convert-to", form,
               "--outdir", str(folder), str(source)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{source.stem}.{form}"


def test_it_prints_every_tab_without_a_fault(tmp_path):
    source = tmp_path / "analyse.xlsx"
    source.write_bytes(workbook(ANALYSIS))

    text = text_of_pdf(converted(source, "pdf").read_bytes())

    for fault in ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "Err:"):
        assert fault not in text
    for shown in ("Pijler Kansrijk", "Samenvatting alle pijlers samen", "Rangschikking van factoren", "=1+1"):
        assert shown in text


def test_it_reckons_the_same_differences(tmp_path):
    source = tmp_path / "analyse.xlsx"
    book_of(workbook(ANALYSIS)).save(source)  # with the formulas, without what they were worth

    reckoned = book_of(converted(source, "xlsx").read_bytes(), values=True)

    indicators = [one for pillar in ANALYSIS["draft"]["pillars"] for domain in pillar["domains"]
                  for one in domain["indicators"]]  # fmt: skip
    pillars = [reckoned[name] for name in ("Kansrijk", "Veilig", "Gezond")]
    found = [cell.value for cell in cells_of(pillars) if cell.coordinate.startswith("H")]
    assert sorted(value for value in found if isinstance(value, int | float)) == pytest.approx(
        sorted(one["difference"] for one in indicators)
    )
