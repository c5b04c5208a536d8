"""What a concept is called: its names, symbols and functions, and the names of the same in other libraries."""

from collections import defaultdict

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import PageError

# The official page of a name, by the package that it begins with.
_PAGES = {
    "numpy": "https://numpy.org/doc/stable/reference/generated/{name}.html",
    "scipy": "https://docs.scipy.org/doc/scipy/reference/generated/{name}.html",
    "torch": "https://docs.pytorch.org/docs/stable/generated/{name}.html",
    "jax": "https://docs.jax.dev/en/latest/_autosummary/{name}.html",
    "sklearn": "https://scikit-learn.org/stable/modules/generated/{name}.html",
}
_STANDARD_LIBRARY = "https://docs.python.org/3/library/{module}.html#{name}"
LIBRARIES = {"numpy": "NumPy", "scipy": "SciPy", "torch": "PyTorch", "jax": "JAX", "sklearn": "scikit-learn"}
LIBRARIES["python"] = "Python"


def library(name: str) -> str:
    """Key of LIBRARIES for a full name such as numpy.linalg.det."""
    top = name.split(".")[0]
    return top if top in _PAGES else "python"


def official_page(name: str) -> str:
    """Address of the page that documents a name of another library."""
    module = name.rpartition(".")[0]
    return _PAGES.get(library(name), _STANDARD_LIBRARY).format(name=name, module=module or "functions")


def equivalents(concept: Concept) -> list[str]:
    """All names that the page gives for the same in other libraries."""
    return [name for names in concept.meta.equivalents.values() for name in names]


def exact(concept: Concept) -> dict[str, str]:
    """Each name under which the page should be found first, in lower case, with what kind of name it is."""
    kinds = {
        "title": [concept.title, concept.slug.replace("-", " ")],
        "alias": concept.meta.aliases,
        "symbol": [typed for forms in concept.meta.symbols.values() for typed in forms],
        "function": concept.functions,
        "equivalent": equivalents(concept),
    }
    found: dict[str, str] = {}
    for kind, names in kinds.items():
        for name in names:
            found.setdefault(name.lower(), kind)
    return found


def check(concepts: dict[str, Concept]) -> None:
    """Refuse a name that two pages claim, unless all but one say that another is first."""
    claimed: dict[str, list[Concept]] = defaultdict(list)
    for concept in concepts.values():
        for name in exact(concept):
            claimed[name].append(concept)
    for name, pages in claimed.items():
        first = [page for page in pages if name not in _second(page)]
        if len(first) > 1:
            others = " and ".join(page.page for page in first)
            raise PageError(f"{first[1].page}:1", f"{name!r} is a name of {others}; all but one list it in second_for")
        if not first:
            raise PageError(f"{pages[0].page}:1", f"second_for names {name!r}, but no page has it first")
    for concept in concepts.values():
        for name in {name for names in concept.meta.not_quite.values() for name in names} - {*equivalents(concept)}:
            raise PageError(f"{concept.page}:1", f"not_quite has {name!r}, which is none of the page's equivalents")
        for name in _second(concept) - claimed.keys():
            raise PageError(f"{concept.page}:1", f"second_for names {name!r}, which no page has among its names")


def _second(concept: Concept) -> set[str]:
    return {name.lower() for name in concept.meta.second_for}
