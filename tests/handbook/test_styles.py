"""The theme's style sheet keeps the rules of what the site has."""

import pytest

from mathref.handbook import styles


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:1}.b{x:1}", ".a{x:1}"),
        (".a,.b,p{x:1}", ".a,p{x:1}"),
        (".a .b>p{x:1}", ""),
        (".a:is(.b,.c){x:1}", ".a:is(.b,.c){x:1}"),
        ("@media print{.a{x:1}.b{x:1}}", "@media print{.a{x:1}}"),
        ("@media print{.b{x:1}}", ""),
        ("@keyframes b{0%{x:1}}", "@keyframes b{0%{x:1}}"),
    ],
)
def test_a_selector_with_a_class_that_nothing_has_goes(css, kept):
    assert styles._purged(css, {"a"}) == kept


def test_classes_are_those_of_pages_and_the_words_of_scripts():
    assert styles.used_classes(['<p class="a b-c">'], ['add("md-x")']) == {"a", "b-c", "add", "md-x"}
