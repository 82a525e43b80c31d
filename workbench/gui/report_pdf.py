"""A report as PDF, through Qt: the same blocks as in HTML, in the rich text that Qt can print."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QMarginsF, QUrl
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from workbench.core.errors import RequestError
from workbench.gui.display import display_missing
from workbench.project.report.blocks import (
    Block,
    Cards,
    Chart,
    Charts,
    Code,
    Heading,
    More,
    Paragraph,
    Picture,
    Pictures,
    Table,
)

_DPI = 96
_MARGIN_MM = 16
_SHARPNESS = 3
"""Pixels of a chart to one of the page's."""
_WIDTH = 664
"""Of the text, px: what lies between the margins of an A4 page at _DPI."""
_CHART_SCALE = 0.82
"""Of charts, so that two lie beside each other."""
_IN_A_ROW = 4
"""Pictures."""
_ROWS = 42
"""Of a table that are kept together."""
_GAP = 6
_CHAPTER_GAP = 16
"""Between pieces, px, and before one that begins with a heading."""
_QUIET, _LINE = "#556071", "#BBBBBB"


def write_pdf(title: str, blocks: Sequence[Block], path: Path) -> int:
    """Write the PDF file; its size in bytes. Without a display it is drawn offscreen.

    Raises:
        RequestError: it cannot be written there.
    """
    application = QGuiApplication.instance() or _application()
    assert application is not None
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("Workbench")
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    page = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    writer.setPageLayout(page)
    painter = QPainter()
    if not painter.begin(writer):
        raise RequestError(f"{path} cannot be written.", "Choose another place for it.")
    _print(_pieces(blocks), writer, painter)
    painter.end()
    return path.stat().st_size


def _application() -> QGuiApplication:
    if display_missing():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication([])


def _print(pieces: Iterable[tuple[int, QTextDocument]], writer: QPdfWriter, painter: QPainter) -> None:
    """Piece below piece; one that has no room left on a page begins the next."""
    page, top = writer.pageLayout().paintRectPixels(_DPI).size(), 0.0
    for gap, piece in pieces:
        piece.setTextWidth(page.width())
        height = piece.size().height()
        top += gap if top else 0
        if top and top + height > page.height():
            writer.newPage()
            top = 0.0
        painter.save()
        painter.translate(0, top)
        piece.drawContents(painter)
        painter.restore()
        top += height


def _pieces(blocks: Sequence[Block]) -> Iterator[tuple[int, QTextDocument]]:
    """What is never torn apart, with the room above it: a row of pictures, some rows of a table.

    Headings stay with what follows them.
    """
    before: list[Block] = []
    for block in blocks:
        if isinstance(block, More):
            continue
        if isinstance(block, Heading) or (isinstance(block, Paragraph) and block.quiet):
            before.append(block)
            continue
        for part in _parted(block):
            yield (_CHAPTER_GAP if before else _GAP), _document([*before, part])
            before = []
    if before:
        yield _CHAPTER_GAP, _document(before)


def _parted(block: Block) -> list[Block]:
    match block:
        case Table():
            starts = range(0, len(block.rows), _ROWS) or [0]
            return [replace(block, rows=block.rows[at : at + _ROWS]) for at in starts]
        case Pictures():
            starts = range(0, len(block.pictures), _IN_A_ROW)
            return [Pictures(block.pictures[at : at + _IN_A_ROW]) for at in starts]
        case Charts():
            return [Charts(row) for row in _in_rows(block.charts)]
        case _:
            return [block]


class _Page:
    """Rich text with the pictures that it names."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._count = 0

    def text(self, blocks: Sequence[Block]) -> str:
        return "".join(self._writers[type(block)](self, block) for block in blocks)

    def _heading(self, block: Heading) -> str:
        size = {1: 18, 2: 14, 3: 11}[block.level]
        return f'<p style="font-size:{size}pt; font-weight:600; margin-top:{2 * size}px">{escape(block.text)}</p>'

    def _paragraph(self, block: Paragraph) -> str:
        colour = f"color:{_QUIET}" if block.quiet else ""
        return f'<p style="{colour}">{escape(block.text)}</p>'

    def _cards(self, block: Cards) -> str:
        cells = [
            f'<p>{escape(card.task)}<br/><span style="font-size:20pt">{escape(card.score)}</span><br/>'
            f'<span style="color:{_QUIET}">{escape(card.doubt)}<br/>{escape(card.caption)}</span></p>'
            for card in block.cards
        ]
        return _grid(cells, 3)

    def _table(self, block: Table) -> str:
        def cells(row: Sequence[str], style: str) -> str:
            sides = ["left" if at < block.numbers else "right" for at in range(len(row))]
            return "".join(
                f'<td align="{side}" style="{style}">{escape(cell)}</td>' for side, cell in zip(sides, row, strict=True)
            )

        rows = "".join(f"<tr>{cells(row, '')}</tr>" for row in block.rows)
        head = f"<thead><tr>{cells(block.titles, f'color:{_QUIET}')}</tr></thead>"
        return f'<table cellpadding="3" cellspacing="0">{head}{rows}</table>'

    def _charts(self, block: Charts) -> str:
        return _grid([self._chart(chart) for chart in block.charts], len(block.charts))

    def _chart(self, chart: Chart) -> str:
        width = min(chart.width * _CHART_SCALE, _WIDTH)
        height = chart.height * width / chart.width
        image = QImage(round(width * _SHARPNESS), round(height * _SHARPNESS), QImage.Format.Format_RGB32)
        image.fill("#FFFFFF")
        painter = QPainter(image)
        QSvgRenderer(QByteArray(chart.svg.encode())).render(painter)
        painter.end()
        name = self._keep(image)
        return f'<p>{escape(chart.title)}<br/><img src="{name}" width="{width:.0f}" height="{height:.0f}"/></p>'

    def _pictures(self, block: Pictures) -> str:
        return _grid([self._picture(each) for each in block.pictures], _IN_A_ROW, _WIDTH // _IN_A_ROW)

    def _picture(self, picture: Picture) -> str:
        image = QImage.fromData(QByteArray(base64.b64decode(picture.uri.partition(",")[2])))
        name = self._keep(image)
        side = _WIDTH / _IN_A_ROW - 12
        scale = min(1.0, side / max(1, image.width(), image.height()))
        size = f'width="{image.width() * scale:.0f}" height="{image.height() * scale:.0f}"'
        return (
            f'<p><img src="{name}" {size}/><br/>{escape(picture.caption)}<br/>'
            f'<span style="color:{_QUIET}; font-size:7pt">{escape(_broken(picture.name))}</span></p>'
        )

    def _code(self, block: Code) -> str:
        return f"<pre>{escape(block.text)}</pre>"

    def _keep(self, image: QImage) -> str:
        self._count += 1
        name = f"picture{self._count}"
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        return name

    _writers: Mapping[type, Callable[[_Page, Any], str]] = {
        Heading: _heading,
        Paragraph: _paragraph,
        Cards: _cards,
        Table: _table,
        Charts: _charts,
        Pictures: _pictures,
        Code: _code,
    }


def _document(blocks: Sequence[Block]) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(QFont("sans-serif", 9))
    document.setDocumentMargin(0)
    document.setHtml(_Page(document).text(blocks))
    return document


def _in_rows(charts: Sequence[Chart]) -> list[list[Chart]]:
    """Charts that fit beside each other."""
    rows: list[list[Chart]] = []
    for chart in charts:
        if rows and (sum(each.width for each in rows[-1]) + chart.width) * _CHART_SCALE <= _WIDTH - 16:
            rows[-1].append(chart)
        else:
            rows.append([chart])
    return rows


def _grid(cells: Sequence[str], across: int, width: int = 0) -> str:
    """Cells in rows, each so many px wide; 0: as its content asks."""
    size = f' width="{width}"' if width else ""
    rows = [cells[at : at + across] for at in range(0, len(cells), across)]
    inside = "".join("<tr>" + "".join(f'<td valign="top"{size}>{cell}</td>' for cell in row) + "</tr>" for row in rows)
    return f'<table cellpadding="4" cellspacing="0">{inside}</table>'


def _broken(name: str) -> str:
    """A path that may be broken at its slashes, and at any letter of a long part."""
    return "\u200b".join(name)
