"""Values computed in several ways, side by side."""

from fractions import Fraction

import pytest

from mathref.handbook.comparison import compare


def table(capsys, *arguments, **options):
    compare(*arguments, **options)
    return capsys.readouterr().out


def test_equal_values_differ_by_nothing_and_have_all_digits(capsys):
    shown = table(capsys, {"a": 0.5, "b": 0.5}, exact=Fraction(1, 2), condition=14.93)
    assert "| a | `0.5` | all |" in shown
    assert "Largest difference: less than 1e-15 of the value. Condition number: 15." in shown


def test_the_digits_that_are_right_are_counted(capsys):
    shown = table(capsys, {"a": 1.0, "b": 1.0 + 3e-7}, exact=1)
    assert "| a | `1` | all |" in shown
    assert "| b | `1.0000003` | 6 |" in shown
    assert "less than 1e-6" in shown


def test_a_wrong_value_has_no_right_digit(capsys):
    assert "| b | `-1` | 0 |" in table(capsys, {"a": 1.0, "b": -1.0}, exact=1)


def test_arrays_are_compared_by_their_worst_entry(capsys):
    shown = table(capsys, {"a": [1.0, 2.0], "b": [1.0, 2.0 + 1e-3]}, exact=[1, 2])
    assert "| b | `[1.   , 2.001]` | 3 |" in shown


def test_values_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        compare({"a": 1.0, "b": [1.0]})
