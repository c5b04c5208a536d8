"""The rules of this tree, so that they hold when there are ninety concepts."""

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib import import_module
from types import ModuleType

import pytest
import yaml
from conftest import ROOT

import mathref
from mathref.handbook.read.concepts import load
from mathref.handbook.read.page import read
from mathref.handbook.show.passages import naming

CONCEPTS = sorted(name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_")
TOP = {"docs", "mathref", "tests", "mkdocs.yml", "pyproject.toml", "README.md"}
TOP |= {"LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "biome.json"}
PRIVATE = ("_arguments", "_numerics", "_workings")
LIBRARY = sorted(path for pattern in ("*.py", "_*/*.py") for path in (ROOT / "mathref").glob(pattern))
PAGES = load(
    (read(path.read_text(), path.as_posix()) for path in sorted((ROOT / "docs" / "concepts").glob("*.md"))),
    ROOT / "mathref",
)
SECTIONS = ("Parameters", "Returns", "Raises", "Notes", "References", "Examples")


def _public(module: ModuleType) -> dict[str, object]:
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


FUNCTIONS = [
    pytest.param(f, id=f"{name}.{f.__name__}")
    for name in CONCEPTS
    for f in _public(import_module(f"mathref.{name}")).values()
]


@pytest.mark.parametrize("name", CONCEPTS)
def test_module_page_and_test_share_a_name(name):
    assert (ROOT / "docs" / "concepts" / f"{name.replace('_', '-')}.md").is_file()
    assert (ROOT / "tests" / f"test_{name}.py").is_file()


def test_no_page_is_without_a_module():
    pages = {path.stem.replace("-", "_") for path in (ROOT / "docs" / "concepts").glob("*.md")}
    assert pages == set(CONCEPTS)


def test_nothing_else_stands_at_the_top():
    tracked = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    tops = {line.split("/")[0] for line in tracked}
    assert {top for top in tops if not top.startswith(".")} <= TOP


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_library_imports_neither_the_handbook_nor_what_it_needs(path):
    imported = {
        name.split(".")[0] if not name.startswith("mathref") else name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert not {name for name in imported if name.startswith("mathref.handbook")}
    foreign = {name for name in imported if not name.startswith("mathref")} - set(sys.stdlib_module_names)
    assert foreign <= {"numpy", "scipy"}


def test_beside_the_concepts_stand_three_private_folders_whose_files_are_one_sitting():
    folders = {path.parent.name for path in LIBRARY} - {"mathref"}
    assert folders == set(PRIVATE)
    modules = {path.stem for path in LIBRARY if path.parent.name == "mathref"}
    assert modules == {"__init__", "__main__", *CONCEPTS}
    lengths = {path: len(path.read_text().splitlines()) for path in LIBRARY if path.parent.name != "mathref"}
    assert {path: length for path, length in lengths.items() if length > 250} == {}


def test_the_private_folders_themselves_hold_no_code_so_that_a_change_of_one_file_is_none_of_the_others():
    for folder in PRIVATE:
        (docstring,) = ast.parse((ROOT / "mathref" / folder / "__init__.py").read_text()).body
        assert isinstance(docstring, ast.Expr)


def test_importing_the_library_does_not_load_the_handbook():
    source = (
        "import mathref, mathref.determinant, sys; print([m for m in sys.modules if 'handbook' in m or 'mkdocs' in m])"
    )
    assert subprocess.check_output([sys.executable, "-c", source], cwd=ROOT, text=True) == "[]\n"


def test_each_file_of_the_handbook_is_one_sitting_and_each_folder_one_look():
    top = ROOT / "mathref" / "handbook"
    tracked = subprocess.check_output(["git", "ls-files", "."], cwd=top, text=True).splitlines()
    code = [top / name for name in tracked if name.endswith((".py", ".js", ".css", ".mjs", ".jinja"))]
    lengths = {path: len(path.read_text().splitlines()) for path in code}
    assert {path: length for path, length in lengths.items() if length > 250} == {}
    files = Counter(path.parent for path in code if path.name != "__init__.py")
    assert {folder: number for folder, number in files.items() if number > 9} == {}


def test_only_the_host_folder_names_the_host_or_what_is_patched_in_it():
    names = r"mkdocs\b|\bmaterial\b|get_env|list_templates|add_entry_from_context|bundle\.|workers/|md-content"
    for path in (ROOT / "mathref" / "handbook").rglob("*.py"):
        found = re.search(names, path.read_text(), re.IGNORECASE)
        assert not found or path.parent.name == "host", f"{path}: {found and found[0]}"


def test_concepts_do_not_import_each_other_in_circles():
    needs = {}
    for name in CONCEPTS:
        tree = ast.parse((ROOT / "mathref" / f"{name}.py").read_text())
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        needs[name] = {m.removeprefix("mathref.") for m in modules if m.startswith("mathref.")} & set(CONCEPTS)
    while free := {name for name in needs if not needs[name]}:
        needs = {name: others - free for name, others in needs.items() if name not in free}
    assert not needs


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_public_function_is_documented_whole(function):
    docstring = inspect.getdoc(function) or ""
    assert re.match(r"[A-Z].*\.$", docstring.split("\n")[0])
    parts = re.split(r"^(\w[\w ]*)\n-+$", docstring, flags=re.MULTILINE)
    missing = [name for name in SECTIONS if name not in parts[1::2]]
    assert not missing
    signature = inspect.signature(function)
    described = dict(zip(parts[1::2], parts[2::2], strict=True))["Parameters"]
    for name, parameter in signature.parameters.items():
        assert re.search(rf"^[\w*, ]*\b{name}\b[\w, ]* : ", described, re.MULTILINE), name
        assert parameter.annotation is not inspect.Parameter.empty
    assert signature.return_annotation is not inspect.Signature.empty


def test_the_version_stands_once():
    places = [
        p for p in [*ROOT.glob("*.toml"), *ROOT.glob("mathref/**/*.py")] if f'"{mathref.__version__}"' in p.read_text()
    ]
    assert places == [ROOT / "mathref" / "__init__.py"]


def test_the_citation_names_the_version_the_licence_and_the_authors_of_the_package():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (cited["title"], cited["version"]) == (package["name"], mathref.__version__)
    assert cited["license"] == package["license"]
    assert f"(c) 2026 {cited['authors'][0]['name']}" in (ROOT / "LICENSE").read_text()
    assert f"site_author: {cited['authors'][0]['name']}\n" in (ROOT / "mkdocs.yml").read_text()


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_page_has_three_exercises_each_with_an_answer_that_is_run(name):
    text = (ROOT / "docs" / "concepts" / f"{name.replace('_', '-')}.md").read_text()
    exercises = re.split(r"^### ", text.partition("\n## Exercises\n")[2], flags=re.MULTILINE)[1:]
    assert len(exercises) >= 3
    assert [exercise.split("\n")[0] for exercise in exercises if 'exec="answer"' not in exercise] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_each_claim_says_why_it_holds(path):
    claims = [block for _, block in read(path.read_text(), path.name).blocks if block.kind == "claim"]
    assert [f"{path.name}:{block.line}" for block in claims if not block.options.get("because")] == []


@pytest.mark.parametrize("concept", PAGES.values(), ids=PAGES)
def test_each_name_that_a_page_promises_is_said_in_a_passage_of_it(concept):
    assert [name for name in concept.meta.aliases if naming(concept, name) is None] == []


def _used(source: str) -> set[tuple[str, str]]:
    """Library and last part of each name of other libraries in code; a method may be of any that the code imports."""
    tree, origins, used = ast.parse(source), {}, set()
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)):
        for alias in node.names:
            origin = (getattr(node, "module", None) or alias.name).split(".")[0]
            origins[alias.asname or alias.name.split(".")[0]] = origin
            used.add((origin, alias.name.split(".")[-1]))
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Attribute)):
        origin = origins.get(ast.unparse(node).split(".")[0])
        used |= {(library, node.attr) for library in ([origin] if origin else origins.values())}
    return used


@pytest.mark.parametrize("concept", PAGES.values(), ids=PAGES)
def test_each_difference_of_a_name_elsewhere_is_shown_by_code_of_the_page(concept):
    """One name is enough of those that differ alike."""
    shown = [block for _, block in concept.fences if block.kind in ("snippet", "table", "misconception")]
    used = {name for block in shown for name in _used(block.source)}
    for how, names in concept.meta.not_quite.items():
        assert used & {(name.split(".")[0], name.split(".")[-1]) for name in names}, how
