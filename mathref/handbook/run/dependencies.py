"""What the result of a block depends on: its source, the library's modules it reaches, and versions."""

import ast
import hashlib
import importlib.metadata
import importlib.util
import platform
import sys
from functools import cache
from pathlib import Path


@cache
def imports(source: str) -> frozenset[str]:
    """Full names of the modules that a source imports; `from a.b import c` counts as a.b and a.b.c."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


@cache
def _text(path: str, _changed: int) -> tuple[str, str]:
    data = Path(path).read_bytes()
    return data.decode(), hashlib.sha256(data).hexdigest()


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
        self._path = cache(self._find)
        self._reach = cache(self._reached)

    def _find(self, module: str) -> Path | None:
        if self.folder is None:
            return None
        base = self.folder.joinpath(*module.split(".")[1:])
        candidates = (base.with_suffix(".py"), base / "__init__.py") if base != self.folder else (base / "__init__.py",)
        return next((path for path in candidates if path.is_file()), None)

    def _source(self, path: Path) -> tuple[str, str]:
        return _text(str(path), path.stat().st_mtime_ns)

    def _own(self, source: str) -> set[str]:
        names: set[str] = set()
        for name in imports(source):
            parts = name.split(".")
            if parts[0] == self.package:
                names.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        return {name for name in names if self._path(name)}

    def _reached(self, start: frozenset[str]) -> tuple[tuple[str, str], ...]:
        waiting, found = set(start), {}
        while waiting:
            name = waiting.pop()
            path = self._path(name)
            assert path is not None
            source, digest = self._source(path)
            found[name] = digest
            waiting |= self._own(source) - found.keys()
        return tuple(sorted(found.items()))

    def reached(self, source: str) -> tuple[tuple[str, str], ...]:
        """Modules of the library that a source imports, directly or through others, each with its digest."""
        return self._reach(frozenset(self._own(source)))

    def foreign(self, source: str) -> set[str]:
        """Modules of other packages that a source imports, itself or through the library."""
        sources = [source, *(self._source(p)[0] for name, _ in self.reached(source) if (p := self._path(name)))]
        return {name for text in sources for name in imports(text) if name.split(".")[0] != self.package}

    def versions(self, source: str) -> dict[str, str]:
        """Versions of Python and of each distribution that a source imports, itself or through the library."""
        tops = {name.split(".")[0] for name in self.foreign(source)} - sys.stdlib_module_names
        return {"python": platform.python_version(), **{top: v for top in sorted(tops) if (v := _version(top))}}

    def key(self, kind: str, source: str, limits: str) -> str:
        """Digest of all that the result of a block depends on."""
        parts = [kind, limits, source, repr(self.reached(source)), repr(sorted(self.versions(source).items()))]
        return hashlib.sha256("\0".join([_machinery(), *parts]).encode()).hexdigest()


@cache
def _machinery() -> str:
    here = Path(__file__)
    return "".join(hashlib.sha256((here.parent / name).read_bytes()).hexdigest() for name in ("server.py", here.name))


@cache
def _version(top: str) -> str | None:
    try:
        return importlib.metadata.version(_distribution(top))
    except importlib.metadata.PackageNotFoundError:
        return None


@cache
def _distribution(top: str) -> str:
    if importlib.util.find_spec(top) is None:
        return top
    try:
        importlib.metadata.version(top)
    except importlib.metadata.PackageNotFoundError:
        return importlib.metadata.packages_distributions().get(top, [top])[0]
    return top
