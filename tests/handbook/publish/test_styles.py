"""The style sheets keep the rules of what the site has."""

import pytest

from mathref.handbook.publish import styles

PAGE = '<html dir="ltr" data-md-color-primary="custom"><p class="a md-x__y tabbed-set" id="__tabbed_1_2">'
SCRIPTS = ['add("own-word")'], ['add("md-x--active", "md-z", "md-tooltip__inner", "c")']
USED = styles.Used([PAGE], *SCRIPTS)


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:1}.b{x:1}", ".a{x:1}"),
        (".a,.b,p{x:1}", ".a,p{x:1}"),
        (".a .b>p{x:1}", ""),
        (".a kbd,.a p{x:1}", ".a p{x:1}"),
        (".a:hover p::after{x:1}", ".a:hover p::after{x:1}"),
        (".tabbed-set p:nth-child(2){x:1}.tabbed-set p:nth-child(3){x:2}", ".tabbed-set p:nth-child(2){x:1}"),
        (".a:is(.b,.c){x:1}", ".a:is(.b,.c){x:1}"),
        ("@media print{.a{x:1}.b{x:1}}", "@media print{.a{x:1}}"),
        ("@media print{.b{x:1}}", ""),
        ("@keyframes b{0%{x:1}}", "@keyframes b{0%{x:1}}"),
        ("[dir=rtl] .a{x:1}[dir=ltr] .a{x:2}", "[dir=ltr] .a{x:2}"),
        (
            '[data-md-color-primary="red"]{x:1}[data-md-color-primary=custom]{x:2}',
            "[data-md-color-primary=custom]{x:2}",
        ),
        ("[data-tab]{x:1}", "[data-tab]{x:1}"),
        ("[data-md-color-primary] p{x:1}[data-md-color-switching] p{x:2}", "[data-md-color-primary] p{x:1}"),
        (".a{--u:1;--v:url(a;b);color:var(--u)}", ".a{--u:1;color:var(--u)}"),
        (".a{--u:var(--v)}.b{color:var(--u)}p{--v:1}", ""),
        ("/* why */ .a  {  x : 1 }", ".a{x:1}"),
        ("@font-face{font-family:KaTeX_Script;src:url(a)}.a{x:1}", ".a{x:1}"),
        ("@font-face{font-family:KaTeX_Main;src:url(a)}.a{font:1em KaTeX_Main}", None),
    ],
)
def test_what_applies_to_nothing_goes(css, kept):
    assert styles.purged([css], USED) == [css if kept is None else kept]


def test_a_variable_may_be_used_by_another_sheet_a_page_or_a_script():
    sheets = ["p{--a:1;--b:1;--c:1;--d:1}", "p{x:var(--a)}"]
    used = styles.Used(['<p><path fill="var(--b)">'], ['"var(--c)"'], ['"var(--d)"'])
    assert styles.purged(sheets, used) == ["p{--a:1;--b:1;--c:1}", "p{x:var(--a)}"]


def test_of_a_themes_script_only_what_shows_or_what_it_brings_is_used():
    assert {"a", "md-x__y", "own-word", "md-x--active", "md-tooltip__inner"} <= USED.classes
    assert not {"md-z", "c"} & USED.classes


def test_each_page_has_the_classes_of_its_own_formulas(tmp_path):
    link = '<link rel="stylesheet" href="../assets/katex/styles.css">'
    pages = {
        tmp_path / "a": f'{link}<b class="x k00000a"><b class="k00000b">k00000a',
        tmp_path / "b": f'{link}<b class="k00000b"><b class="k00000b">',
        tmp_path / "c": f"{link}<p>",
    }
    (tmp_path / "assets" / "katex").mkdir(parents=True)
    (tmp_path / styles.FORMULAS).touch()
    styles.formula_sheets(pages, {"k00000a": "top:1em", "k00000b": "top:2em"}, tmp_path)
    sheets = [page.partition("../")[2].partition('"')[0] for page in pages.values()]
    assert [(tmp_path / name).read_text() for name in sheets[:2]] == [".k1{top:1em}.k0{top:2em}", ".k0{top:2em}"]
    assert pages[tmp_path / "a"].endswith('<b class="x k1"><b class="k0">k00000a')
    assert pages[tmp_path / "c"] == "<p>"


@pytest.mark.parametrize("root", ["/", "/books/mathref/"])
def test_sheets_become_one_whose_addresses_hold(root, tmp_path):
    sheets = [tmp_path / "static" / "b.css", tmp_path / "assets" / "katex" / "a.css"]
    for sheet, css in zip(
        sheets, ["p{x:url(../assets/f.woff2)}", "q{x:url(fonts/g.woff2);y:url(data:z)}"], strict=True
    ):
        sheet.parent.mkdir(parents=True)
        sheet.write_text(css)
    page = '<link rel="stylesheet" href="../assets/katex/a.css"> <link rel="stylesheet" href="../static/b.css">'
    pages = {tmp_path / "x" / "index.html": page, tmp_path / "404.html": page.replace("../", root)}
    linked = styles.linked(page, tmp_path)
    assert linked == sheets[::-1]
    styles.merge(pages, linked, tmp_path)
    (merged,) = (tmp_path / "assets").glob("*.css")
    assert merged.read_text() == "q{x:url(katex/fonts/g.woff2);y:url(data:z)}p{x:url(f.woff2)}"
    assert pages[tmp_path / "x" / "index.html"] == f'<link rel="stylesheet" href="../assets/{merged.name}"> '
    assert pages[tmp_path / "404.html"] == f'<link rel="stylesheet" href="{root}assets/{merged.name}"> '
    assert not any(sheet.exists() for sheet in sheets)


def test_of_a_formula_goes_what_no_rule_is_for():
    strut = '<span class="vlist"><span class="pstrut k1"></span><span class="mord">2</span></span>'
    formula = (
        f'<mr-math><span class="mord"><span class="mord mathnormal">x</span><span class="mrel">=</span>{strut}</span>'
    )
    css = ".mathnormal{x:1}.vlist>span{x:1}.pstrut{x:1}"
    left = '<mr-math><span><span class="mathnormal">x</span>='
    left += '<span class="vlist"><span class="pstrut k1"></span><span>2</span></span></span></mr-math>'
    assert styles.bare(f'{formula}</mr-math><p class="mord">', css) == f'{left}<p class="mord">'
