import pytest

from workbench.core.numbers import are_measurements, are_numbers, could_be_both, number_reader


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12", "-0.5", "1e3", ".5", "+3."], [12.0, -0.5, 1000.0, 0.5, 3.0]),
        (["1,5", "2", "2.5"], [1.5, 2.0, 2.5]),
        (["1,234", "1,5"], [1.234, 1.5]),
        (["1.234,5", "1.234"], [1234.5, None]),
        (["1,234", "1,234,567"], [1234.0, 1234567.0]),
        (["1,234.5", "7"], [1234.5, 7.0]),
        (["0,234", "1234,567"], [0.234, 1234.567]),
        (["1,234", "5"], [None, 5.0]),
        (["nan", "inf", "1e999", "12 g", "1_000", "", "-"], [None] * 7),
    ],
)
def test_numbers_in_the_spellings_of_tables(cells, numbers):
    read = number_reader(cells)
    assert [read(cell) for cell in cells] == numbers


def test_what_can_be_read_in_two_ways():
    assert could_be_both("1,234") and could_be_both("-12,000")
    assert not any(map(could_be_both, ["0,234", "1,5", "1234,567", "1,234,567", "1.234"]))


def test_measurements_are_many_different_numbers():
    assert are_measurements([str(number / 2) for number in range(21)])
    assert not are_measurements([str(number % 20) for number in range(100)])
    assert not are_measurements([*(str(number) for number in range(30)), "x"])
    assert not are_measurements(["1", "1.0", "1.00"] * 20)
    assert are_numbers(["1", "", "2,5"]) and not are_numbers(["", ""]) and not are_numbers(["1", "x"])
