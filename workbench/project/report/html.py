"""A report as one HTML file: no network, no script, no other file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from workbench.core.events import to_json
from workbench.core.resources import resource
from workbench.project.report.blocks import (
    Block,
    Cards,
    Charts,
    Code,
    Heading,
    More,
    Paragraph,
    Pictures,
    Table,
)

SCORES_ID = "scores"
"""The id of the element that holds the scores as JSON, to the last digit."""


def html(title: str, blocks: Sequence[Block], scores: Mapping[str, Any]) -> str:
    """The whole file.

    Args:
        scores: what a program may want to read of it: kept as JSON, as `evaluate --json` says it.
    """
    data = to_json(scores).replace("</", "<\\/")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{resource('report.css').read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_written(block) for block in blocks)
        + f'\n</main>\n<script type="application/json" id="{SCORES_ID}">{data}</script>\n</body>\n</html>\n'
    )


def _written(block: Block) -> str:
    return _WRITERS[type(block)](block)


def _heading(block: Heading) -> str:
    return f"<h{block.level}>{escape(block.text)}</h{block.level}>"


def _paragraph(block: Paragraph) -> str:
    return f'<p class="quiet">{escape(block.text)}</p>' if block.quiet else f"<p>{escape(block.text)}</p>"


def _cards(block: Cards) -> str:
    cards = [
        f'<div class="card"><strong>{escape(card.task)}</strong><b>{escape(card.score)}</b>'
        f"<span>{escape(card.doubt)}</span><span>{escape(card.caption)}</span></div>"
        for card in block.cards
    ]
    return f'<div class="row">{"".join(cards)}</div>'


def _table(block: Table) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        marks = ["" if at < block.numbers else ' class="number"' for at in range(len(row))]
        return "".join(f"<{tag}{mark}>{escape(cell)}</{tag}>" for mark, cell in zip(marks, row, strict=True))

    rows = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in block.rows)
    head = f"<thead><tr>{cells('th', block.titles)}</tr></thead>"
    return f'<div class="wide"><table>{head}<tbody>\n{rows}\n</tbody></table></div>'


def _charts(block: Charts) -> str:
    charts = [
        f'<figure class="chart"><figcaption>{escape(chart.title)}</figcaption>{chart.svg}</figure>'
        for chart in block.charts
    ]
    return f'<div class="row">{"".join(charts)}</div>'


def _pictures(block: Pictures) -> str:
    pictures = [
        f'<figure class="picture"><img src="{escape(each.uri)}" alt="{escape(each.name)}">'
        f"<figcaption><strong>{escape(each.caption)}</strong>{escape(each.name)}</figcaption></figure>"
        for each in block.pictures
    ]
    return f'<div class="row">{"".join(pictures)}</div>'


def _code(block: Code) -> str:
    return f"<pre><code>{escape(block.text)}</code></pre>"


def _more(block: More) -> str:
    inside = "\n".join(_written(each) for each in block.blocks)
    return f"<details><summary>{escape(block.title)}</summary>\n{inside}\n</details>"


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Cards: _cards,
    Table: _table,
    Charts: _charts,
    Pictures: _pictures,
    Code: _code,
    More: _more,
}
