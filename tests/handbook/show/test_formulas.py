"""TeX becomes HTML and MathML, and what is wrong in it is named with its line."""

import re

import markdown
import pytest
from bs4 import BeautifulSoup

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


LONG = "$a + b + c + d + e + f = g + h + i$, so"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        *(("$x$, so", "x,"), ("$x$.", "x."), ("$x$ so", ""), ("is ($x$), so", "(x)"), ("f($x$ so", "(x")),
        *(("$a = b$, so", "a=b,"), (LONG, "")),
    ],
)
def test_no_line_begins_or_ends_with_what_belongs_to_a_short_formula(text, whole, formulas):
    page = BeautifulSoup(convert(text, formulas), "html.parser")
    for heard in page.select(".katex-mathml"):
        heard.decompose()
    assert "".join(span.get_text() for span in page.select(".mr-whole")) == whole
    assert page.get_text().endswith(text[-2:].strip("$"))


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


def test_a_formula_in_a_heading_stands_once_in_its_anchor_and_in_the_contents(formulas):
    extensions = ["attr_list", "toc", FormulasExtension(formulas)]
    md = markdown.Markdown(extensions=extensions)
    md.convert("# T\n\n## When $A B$ is $C$\n\n## When $A B$ is $C$\n\n## $x$ {#own}")
    found = [(each["name"], each["id"]) for each in md.toc_tokens[0]["children"]]
    assert found == [("When AB is C", "when-ab-is-c"), ("When AB is C", "when-ab-is-c_1"), ("x", "own")]


def test_tex_that_is_copied_has_no_macro_of_the_handbook(formulas):
    assert r'data-tex="x \in \mathbb{R}"' in formulas.render(r"x \in \R")


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


def test_what_pages_ask_for_is_rendered_in_one_call(tmp_path, monkeypatch):
    asked = []
    ours = Formulas(Cache(tmp_path), {})
    ask = ours._ask
    monkeypatch.setattr(ours, "_ask", lambda formulas: (asked.append(formulas), ask(formulas)))
    ours.foresee(["Let $a+b$ be\n\n$$\nc\n$$\n", r"and $a+b$ or $\nonsense$, `$d$`"])
    page = convert("$a+b$ is\n\n$$\nc\n$$\n", ours)
    assert page.count("<math") == 2
    assert len(asked) == 1
    with pytest.raises(FormulaError, match="Undefined control sequence"):
        ours.render(r"\nonsense")
    assert page == convert("$a+b$ is\n\n$$\nc\n$$\n", Formulas(Cache(tmp_path / "other"), {}))


def test_a_macro_that_a_formula_defines_is_unknown_in_the_next(tmp_path):
    ours = Formulas(Cache(tmp_path), {})
    ours.foresee([r"$\gdef\own{x}\own$ and $\own$"])
    with pytest.raises(FormulaError, match="own"):
        ours.render(r"\own")


def test_a_letter_says_what_it_is_and_something_else_where_it_is_something_else_in_the_main_formula(formulas):
    said = {"c": "c: number, a factor", "A": "A: n × n, a matrix"}
    place = Place(symbols=said, letters={"c": "c: an entry"}, main="A c")
    main, later = (
        markdown.markdown(text, extensions=[FormulasExtension(formulas, place)])
        for text in ("$$\nA c\n$$", "$$\nc A\n$$\n\nand $A c$")
    )
    titles = [re.findall(r'title="([^"]*)"', html) for html in (main, later)]
    assert titles == [[said["A"], "c: an entry"], [said["c"], said["A"], said["A"], said["c"]]]
