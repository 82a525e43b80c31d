import json

import pytest

from workbench.core.events import Notice, Step, from_line, stamped, to_json, to_line


def test_a_line_is_ascii_without_nan_and_reads_back():
    step = Step(
        phase="heads",
        epoch=1,
        first=1,
        last=2,
        losses={"Größe": [0.5, None]},
        weights={"Größe": [1.0, 1.0]},
        learning_rates={"heads": [0.1, 0.1]},
        images_per_s=float("nan"),
    )
    line = to_line(stamped(step, "001-a"))
    assert line.isascii() and "NaN" not in line and "\n" not in line
    data = json.loads(line)
    assert (data["event"], data["run"], data["images_per_s"]) == ("step", "001-a", None)
    notice = stamped(Notice(level="info", text="ß\n"), "r")
    assert from_line(to_line(notice)) == notice


def test_a_stamp_is_not_overwritten():
    first = stamped(Notice(level="info", text=""), "001-a")
    assert stamped(first, "002-b") == first


@pytest.mark.parametrize("line", ["", "{", "{}", '{"event": "unknown"}', '{"event": "step"}', "3"])
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValueError):
        from_line(line)


def test_json_has_no_infinities():
    assert to_json({"a": [float("inf"), 1.5, (float("nan"),)]}) == '{"a": [null, 1.5, [null]]}'
