"""`report PROJECT [RUN]`: a run in one file that can be mailed, printed and read without the program."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.other_data import add_other_data_arguments, other_data
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import task_line
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result, stamped
from workbench.core.specs import PARTS, ReportSpec
from workbench.core.text import megabytes
from workbench.project.report.build import blocks_of, title_of
from workbench.project.report.write import facts_of, scores_of, write_html
from workbench.project.runs import RunInfo, find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("run", metavar="RUN", nargs="?", default="latest", help="name, number, or latest (default)")
    parser.add_argument("--out", metavar="FILE.html", type=Path, help="where (default: RUN.html in PROJECT/exports)")
    parser.add_argument("--pdf", metavar="FILE.pdf", type=Path, help="write a PDF file as well")
    parser.add_argument("--part", choices=PARTS, help="which part (default: test, or validation where there is none)")
    add_other_data_arguments(parser)
    add_output_arguments(parser)


class Job(CommandJob):
    """Writes a report."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        data = other_data(self.args, info.folder)
        name = f"{info.run}-other.html" if data else f"{info.run}.html"
        out = (self.args.out or file.folder / "exports" / name).absolute()
        pdf = self.args.pdf.absolute() if self.args.pdf else None
        for path in (out, pdf):
            if path is not None and path.is_dir():
                raise RequestError(f"{path} is a folder.", "Name a file.")
        spec = ReportSpec(project_dir=file.folder, run_dir=info.folder, run=info.run, part=self.args.part, data=data)
        for event in run_job("report", spec, control):
            found = _written(file.folder, info, event, out, pdf) if isinstance(event, Result) else event
            yield stamped(found, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Report of run {document['run']}, {document['part']}:"]
        lines += [task_line(name, task) for name, task in document["tasks"].items()]
        for written in document["files"]:
            lines.append(f"{written['path']} ({megabytes(written['bytes'])})")
        return "\n".join(lines)


def _written(project_dir: Path, info: RunInfo, result: Result, out: Path, pdf: Path | None) -> Result:
    """The files, and what was written into them."""
    facts = facts_of(project_dir, info.folder, result.document)
    out.parent.mkdir(parents=True, exist_ok=True)
    files = [{"path": str(out), "bytes": write_html(facts, out)}]
    if pdf is not None:
        from workbench.gui.report_pdf import write_pdf

        pdf.parent.mkdir(parents=True, exist_ok=True)
        files.append({"path": str(pdf), "bytes": write_pdf(title_of(facts), blocks_of(facts), pdf)})
    return Result(what="report", document={**scores_of(result.document), "files": files})
