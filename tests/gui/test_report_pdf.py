"""Reports on paper: every kind of block, on as many pages as it takes."""

import base64
import io

import pytest
from PIL import Image

from workbench.core.errors import RequestError
from workbench.gui.report_pdf import write_pdf
from workbench.project.report import blocks as b
from workbench.project.report.charts import matrix


def picture():
    file = io.BytesIO()
    Image.new("RGB", (168, 100), "#123456").save(file, "JPEG")
    uri = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
    return b.Picture(uri, "glass → metal & <tin>, 0.97", "a/rather long folder/of a picture.jpg")


def pages(path):
    return path.read_bytes().count(b"/Type /Page\n")


def test_every_block_is_printed(qapp, tmp_path):
    chart = matrix("Confusion matrix", ["a", "b"], [[3, 1], [0, 2]])
    blocks = [
        b.Heading("Waste: run 001", 1),
        b.Paragraph("Quiet words.", quiet=True),
        b.Cards([b.Card("material", "94.1 %", "91 % to 97 %", "accuracy, 48 pictures")] * 4),
        b.Table(["class", "F1"], [["glass", "0.9"]]),
        b.Charts([chart, chart]),
        b.Pictures([picture()] * 5),
        b.Code("workbench train p --repeat 001"),
        b.More("Folded", [b.Paragraph("Not on paper.")]),
        b.Heading("The end"),
    ]
    size = write_pdf("Waste", blocks, tmp_path / "report.pdf")
    assert size == (tmp_path / "report.pdf").stat().st_size and (tmp_path / "report.pdf").read_bytes()[:5] == b"%PDF-"
    assert 1 <= pages(tmp_path / "report.pdf") <= 2
    table = b.Table(["class", "F1"], [[f"class {number}", "0.9"] for number in range(200)])
    write_pdf("Waste", [table], tmp_path / "long.pdf")
    assert 4 <= pages(tmp_path / "long.pdf") <= 8


def test_a_place_that_cannot_be_written_is_refused(qapp, qtlog, tmp_path):
    with qtlog.disabled(), pytest.raises(RequestError, match="cannot be written"):
        write_pdf("Waste", [b.Paragraph("a")], tmp_path / "none" / "report.pdf")
