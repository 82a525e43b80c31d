"""JSON in small bites is the same JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.synthetic import evaluate_document
from workbench.gui.pages.results.patient_json import read_patiently

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


@given(values, st.sampled_from([None, 1]))
def test_it_is_what_json_reads(value, indent):
    assert read_patiently(json.dumps(value, indent=indent)) == value


def test_a_document_of_evaluate():
    document = evaluate_document([f"{index}.jpg" for index in range(50)])
    assert read_patiently(json.dumps(document)) == document


@pytest.mark.parametrize("text", ["", "{", "[1 2]", '{"a" 1}', "[1] 2", "[1,", '{"a": }', "nothing"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError):
        read_patiently(text)
