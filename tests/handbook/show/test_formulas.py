"""TeX becomes HTML and MathML, and what is wrong in it is named with its line."""

import re

import markdown
import pytest

from mathref.handbook.read.page import PageError, Place, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.formulas import FormulaError, Formulas, FormulasExtension


@pytest.fixture(scope="module")
def formulas(tmp_path_factory):
    return Formulas(Cache(tmp_path_factory.mktemp("cache")), {r"\R": r"\mathbb{R}"})


def convert(text, formulas, page=None):
    extension = FormulasExtension(formulas, Place(page))
    return markdown.markdown(page.body if page else text, extensions=["tables", "pymdownx.superfences", extension])


def test_inline_and_display_formulas_are_rendered(formulas):
    page = convert("Let $x^2$ be\n\n$$\n\\sum_i x_i\n$$\n\nso.", formulas)
    assert page.count("<math") == 2
    assert page.count('<div class="mr-formula"') == 1
    assert "$" not in page


def test_no_style_attribute_is_left_and_each_class_has_its_style(formulas):
    html = formulas.render(r"\frac{a}{b}", display=True)
    assert "style=" not in html
    classes = set(re.findall(r"\bk[0-9a-f]{6}\b", html))
    assert classes
    assert classes <= formulas.styles.keys()


def test_the_reader_hears_a_formula_once(formulas):
    html = formulas.render("x")
    assert html.count("<math") == 1
    assert "<annotation" not in html
    assert '<mr-math class="katex-html" aria-hidden="true" data-search-exclude>' in html


def test_double_struck_letters_are_unicode(formulas):
    assert "<mi>ℝ</mi>" in formulas.render(r"x \in \R")


def test_tex_can_be_copied(formulas):
    assert 'data-tex="a &lt; b"' in formulas.render("a < b")


def test_an_equal_formula_is_rendered_once(formulas):
    before = formulas.rendered
    convert("$q_7$ and $q_7$", formulas)
    assert formulas.rendered == before + 1


def test_code_and_escaped_dollars_are_no_formulas(formulas):
    page = convert("`$x$` costs \\$5\n\n```\n$y$\n```\n", formulas)
    assert "<math" not in page
    assert "$x$" in page
    assert "$y$" in page


def test_formulas_in_tables_are_rendered(formulas):
    assert convert("| a | b |\n| --- | --- |\n| $x$ | $y$ |\n", formulas).count("<math") == 2


def test_what_is_wrong_is_named_with_page_and_line(formulas):
    text = "A `$\\nope$` in code.\n\n```\n$\\nope$\n```\n\nThen\n$x$ and $\\nope$."
    with pytest.raises(PageError, match=r"docs/a\.md:12: formula '\\\\nope' is not valid TeX"):
        convert(text, formulas, read(f"---\na: 1\nb: 2\n---\n{text}", "docs/a.md"))


def test_a_wrong_display_formula_is_named_with_its_line(formulas):
    with pytest.raises(PageError, match=r"text:4: formula"):
        convert("a\n\n$$\n\\frac{1}\n$$\n", formulas)


def test_wrong_tex_is_refused(formulas):
    for tex in (r"\frac{1}", r"\nope", r"x^", r"\left( x"):
        with pytest.raises(FormulaError):
            formulas.render(tex)
