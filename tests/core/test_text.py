import pytest

from workbench.core.text import count, duration, percent


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (7.4, "0:07"), (65, "1:05"), (7384, "2:03:04"), (-1, "0:00")]
)
def test_duration(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (2_542_856, "2.5 M"), (11_689_512, "11.7 M"), (48_000, "48.0 k")]
)
def test_count(number, text):
    assert count(number) == text


def test_percent():
    assert (percent(0.9375), percent(None)) == ("93.8 %", "–")
