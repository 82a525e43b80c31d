import sys

import pytest

from workbench.project.notify import notify


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="each system has its own program")
def test_the_systems_own_program_shows_the_notice(tmp_path, monkeypatch):
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{tmp_path}/said"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert notify("Waste", "Run 003 has finished.")
    assert (tmp_path / "said").read_text().endswith("Waste|Run 003 has finished.|")


def test_where_there_is_none_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "freebsd")
    assert not notify("Waste", "Run 003 has finished.")
