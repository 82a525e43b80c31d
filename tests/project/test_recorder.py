from workbench.core.events import Notice, Progress
from workbench.project.recorder import EVENTS_FILE, Recorder, last_event, read_events


def texts(folder):
    return [event.text for event in read_events(folder)]


def test_events_are_appended_and_stamped(tmp_path):
    run = tmp_path / "001-a"
    run.mkdir()
    for text in ("one", "two"):
        with Recorder(run) as recorder:
            written = recorder.write(Notice(level="info", text=text))
            assert (written.run, written.time != "") == ("001-a", True)
    assert texts(run) == ["one", "two"]


def test_a_torn_line_is_passed_over_and_not_appended_to(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.write(Notice(level="info", text="one"))
    with open(tmp_path / EVENTS_FILE, "ab") as file:
        file.write(b'{"event": "notice", "level": "in')
    assert last_event(tmp_path).text == "one"
    with Recorder(tmp_path) as recorder:
        recorder.write(Notice(level="info", text="two"))
    assert texts(tmp_path) == ["one", "two"]


def test_the_last_event_is_found_in_a_long_file(tmp_path):
    with Recorder(tmp_path) as recorder:
        for done in range(2000):
            recorder.write(Progress(what="x" * 50, done=done, total=2000))
    assert last_event(tmp_path).done == 1999


def test_no_file_holds_no_events(tmp_path):
    assert list(read_events(tmp_path)) == []
    assert last_event(tmp_path) is None
