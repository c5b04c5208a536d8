"""What the result of a block depends on: its source, the modules that it reaches, their files, versions, settings."""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from mathref.handbook.run.imports import Imports, imports

# Settings in the environment that change what numerical code or a claim computes.
_SETTINGS = ("MATHREF_CLAIM", "OPENBLAS", "OMP_", "MKL_", "BLIS_", "NPY_", "NUMPY_", "SCIPY_", "LANG", "LC_", "TZ")
_INSTALLED = {"site-packages", "dist-packages"}  # of this environment, or of one that it sees


class Library:
    """The source of the package that the handbook is about; its modules may change while the handbook is served."""

    def __init__(self, package: str | None = None) -> None:
        self.package = package
        self.folder: Path | None = None
        if package is not None:
            spec = importlib.util.find_spec(package)
            if spec is None or not spec.submodule_search_locations:
                raise ValueError(f"package must be importable, but {package!r} is not")
            self.folder = Path(next(iter(spec.submodule_search_locations)))
        self.fresh()

    def fresh(self) -> None:
        """Forget which files were read; called before each build."""
        self._seen: dict[Path, tuple[int, int]] = {}
        self._read = cache(self._digested)
        self._path = cache(self._find)
        self._reach = cache(self._reached)
        self._all = cache(self._everything)
        self._local = cache(_local)
        self._beside = cache(self._imported_beside)
        self._found = cache(self._all_imports)
        self._direct = cache(self._from_module)

    def unchanged(self) -> bool:
        """Whether every file that was read since `fresh` is still what it was."""
        return all(_state(path) == state for path, state in self._seen.items())

    def _digested(self, path: Path) -> tuple[str, str]:
        """A file's text, if it is Python, and its digest."""
        self._seen[path] = _state(path)
        try:
            data = path.read_bytes()
        except OSError:
            return "", "gone"
        is_python = path.suffix == ".py"
        if is_python:
            _drop_doubtful_bytecode(path)
        return data.decode("utf-8", "replace") if is_python else "", hashlib.sha256(data).hexdigest()

    def _find(self, module: str) -> Path | None:
        if self.folder is None:
            return None
        base = self.folder.joinpath(*module.split(".")[1:])
        candidates = [base / "__init__.py"]  # Python, too, takes a package before a module
        if base != self.folder:
            candidates += [base.with_name(base.name + ending) for ending in (*EXTENSION_SUFFIXES, ".py")]
        return next((path for path in candidates if path.is_file()), None)

    def _everything(self) -> tuple[tuple[str, str], ...]:
        assert self.folder is not None
        paths = sorted(p for p in self.folder.rglob("*") if "__pycache__" not in p.parts and p.is_file())
        return tuple((str(path.relative_to(self.folder)), self._read(path)[1]) for path in paths)

    def _of(self, source: str, module: str = "") -> Imports:
        """What a source imports; relative names are those of a module of the library."""
        path = self._path(module) if module else None
        is_package = path is not None and path.name == "__init__.py"
        return imports(source, module if is_package or not module else module.rpartition(".")[0])

    def _own(self, found: Imports) -> set[str]:
        names: set[str] = set()
        for name in found.names:
            parts = name.split(".")
            if parts[0] == self.package:
                names.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        return {name for name in names if self._path(name)}

    def _is_doubtful(self, found: Imports) -> bool:
        """Whether more may be reached than the source says: by a computed name, or by ``*`` of a package."""
        starred = [self._path(name) for name in found.starred if name.split(".")[0] == self.package]
        return found.doubtful or any(path and path.name == "__init__.py" for path in starred)

    def _reached(self, start: frozenset[str]) -> tuple[dict[str, str], bool, frozenset[str], frozenset[str]]:
        """Modules with their digests, whether more may be reached, names of other packages' modules, and settings."""
        waiting, found = set(start), dict[str, tuple[str, set[str], bool, set[str], frozenset[str]]]()
        while waiting:
            name = waiting.pop()
            found[name] = self._direct(name)
            waiting |= found[name][1] - found.keys()
        digests, _, doubts, foreign, settings = zip(*found.values(), strict=True) if found else [()] * 5
        modules = dict(zip(found, digests, strict=True))
        return modules, any(doubts), frozenset().union(*foreign), frozenset().union(*settings)

    def _from_module(self, name: str) -> tuple[str, set[str], bool, set[str], frozenset[str]]:
        """A module's digest, the library's modules that it imports itself, and the rest of what is reached by that."""
        source, digest = self._read(self._path(name) or Path())
        their = self._of(source, name)
        foreign = {other for other in their.names if other.split(".")[0] != self.package}
        return digest, self._own(their), self._is_doubtful(their), foreign, their.settings

    def known(self, source: str) -> list[str]:
        """Modules of the library that a source is seen to import, directly or through others."""
        return sorted(self._reach(frozenset(self._own(self._of(source))))[0])

    def _all_imports(self, source: str) -> list[Imports]:
        """What a source imports, and what the files that it imports from beside the library do."""
        return [self._of(text) for text in (source, *self._beside(source).values())]

    def reached(self, source: str) -> tuple[tuple[str, str], ...]:
        """Modules of the library that a source may import, each with its digest; all files if that cannot be known."""
        all_found = self._found(source)
        modules, doubtful, *_ = self._reach(frozenset().union(*map(self._own, all_found)))
        doubtful = bool(doubtful or any(map(self._is_doubtful, all_found))) and self.folder is not None
        return (*sorted(modules.items()), *(self._all() if doubtful else ()))

    def _foreign(self, found: Imports) -> set[str]:
        own = {name for name in found.names if name.split(".")[0] != self.package}
        return own | self._reach(frozenset(self._own(found)))[2]

    def foreign(self, source: str) -> set[str]:
        """Modules of other packages that a source imports, itself or through others."""
        return set().union(*map(self._foreign, self._found(source)))

    def _settings(self, source: str) -> list[tuple[str, str]]:
        """What stands in the environment under names that numerical code reads, or a module or the source itself."""
        reach = (self._reach(frozenset(self._own(found)))[3] | found.settings for found in self._found(source))
        names = frozenset().union(*reach)
        return sorted((name, v) for name, v in os.environ.items() if name.startswith(_SETTINGS) or name in names)

    def installed(self, source: str) -> set[str]:
        """Those of them that stay as they are while the handbook is served."""
        return {name for name in self.foreign(source) if not self._local(name.split(".")[0])}

    def versions(self, source: str) -> dict[str, str]:
        """Versions of Python and of each distribution that a source imports, itself or through the library."""
        tops = {name.split(".")[0] for name in self.foreign(source)} - sys.stdlib_module_names
        return {"python": platform.python_version(), **{top: v for top in sorted(tops) if (v := _version(top))}}

    def _imported_beside(self, source: str) -> dict[Path, str]:
        """Files of modules that are neither the library's nor installed, with their texts."""
        waiting, tops, found = [source], set[str](), dict[Path, str]()
        while waiting:
            new = {name.split(".")[0] for name in self._foreign(self._of(waiting.pop()))} - tops
            tops |= new
            texts = {path: self._read(path)[0] for top in new for path in self._local(top)}
            waiting += texts.values()
            found |= texts
        return found

    def files(self, source: str) -> list[tuple[str, str]]:
        """These files with their digests."""
        return [(str(path), self._read(path)[1]) for path in sorted(self._beside(source))]

    def key(self, kind: str, source: str, limits: str) -> str:
        """Digest of all that the result of a block depends on."""
        versions = self.versions(source)
        parts = [self.reached(source), self.files(source), sorted(versions.items()), _needed(*versions)]
        parts.append(self._settings(source))
        return hashlib.sha256("\0".join([_machinery(), kind, limits, source, *map(repr, parts)]).encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _drop_doubtful_bytecode(path: Path) -> None:
    """Python takes bytecode for new if the source has its size and its second; remove what may be older within it."""
    bytecode = Path(importlib.util.cache_from_source(str(path)))
    try:
        if bytecode.stat().st_mtime_ns < path.stat().st_mtime_ns + 2 * 10**9:
            bytecode.unlink()
    except OSError:
        return  # there is none, or it is not ours


def _local(top: str) -> list[Path]:
    """The files of a module or package that no installed version speaks for."""
    spec = None if top in sys.stdlib_module_names or top in sys.builtin_module_names else _spec(top)
    if spec is None:
        return []
    roots = [Path(place) for place in spec.submodule_search_locations or filter(None, [spec.origin])]
    if _version(top) and all(_INSTALLED & {*root.parts} for root in roots):
        return []
    files = (path for root in roots for path in (root.rglob("*") if root.is_dir() else [root]))
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]


def _spec(top: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None


@cache
def _machinery() -> str:
    return "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(__file__).parent.glob("*.py")))


@cache
def _needed(*tops: str) -> list[tuple[str, str]]:
    """Versions of what the distributions of these packages need, and what that needs."""
    waiting, found = {_distribution(top) for top in tops[1:]}, dict[str, str]()
    while waiting:
        name = waiting.pop()
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[name] = distribution.version
        needs = [need for need in distribution.requires or [] if "extra ==" not in need]
        waiting |= {m[0].lower() for need in needs if (m := re.match(r"[\w.-]+", need))} - found.keys()
    return sorted(found.items())


@cache
def _version(top: str) -> str | None:
    try:
        return importlib.metadata.version(_distribution(top))
    except importlib.metadata.PackageNotFoundError:
        return None


@cache
def _distribution(top: str) -> str:
    if _spec(top) is None:
        return top
    try:
        importlib.metadata.version(top)
    except importlib.metadata.PackageNotFoundError:
        return importlib.metadata.packages_distributions().get(top, [top])[0]
    return top
