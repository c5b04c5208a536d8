"""What a source is seen to import, and whether it may import or read more than can be seen."""

import ast
from functools import lru_cache
from typing import NamedTuple

# Who uses one of these may reach any module by a name that is computed, or a file of the package.
_DOUBTFUL = {
    *("__import__", "import_module", "importlib", "reload", "runpy", "run_module", "run_path", "find_spec"),
    *("pkgutil", "iter_modules", "walk_packages", "spec_from_file_location", "module_from_spec", "exec_module"),
    *("load_module", "find_loader", "exec", "eval", "modules", "__getattr__", "subprocess", "Popen", "system", "popen"),
    *("posix_spawn", "spawnv", "spawnl", "execv", "execl", "execve", "resources", "get_data", "getsource", "getfile"),
    *("zipimport", "__file__", "__path__", "__spec__", "__loader__"),
    *("timeit", "cProfile", "doctest", "locate", "resolve_name", "create_subprocess_exec", "create_subprocess_shell"),
}


class Imports(NamedTuple):
    """Full names of modules (`from a.b import c` counts as a.b and a.b.c), and what else a result may hang on."""

    names: frozenset[str]
    starred: frozenset[str]  # modules of which all is imported
    doubtful: bool
    settings: frozenset[str] = frozenset()  # what may be names of the environment, where a source reads it


@lru_cache(maxsize=4096)
def imports(source: str, package: str) -> Imports:
    """What a source imports, relative names being within a package."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Imports(frozenset(), frozenset(), False)
    seen = _Seen(package)
    seen.visit(tree)
    reads = "environ" in source or "getenv" in source
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} if reads else ()
    settings = frozenset(value for value in said if isinstance(value, str))
    return Imports(frozenset(seen.names), frozenset(seen.starred), seen.doubtful, settings)


class _Seen(ast.NodeVisitor):
    def __init__(self, package: str) -> None:
        self.package = package
        self.names: set[str] = set()
        self.starred: set[str] = set()
        self.doubtful = False

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.names.add(alias.name)
            # a plain `import importlib` is no doubt yet, its use is
            self._doubt(alias.name.split(".")[-1] if alias.asname or alias.name != "importlib" else "")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self._absolute(node.module or "", node.level)
        if not module:
            return
        self.names.add(module)
        for alias in node.names:
            if alias.name == "*":
                self.starred.add(module)
            else:
                self.names.add(f"{module}.{alias.name}")
                # `from importlib import import_module` is judged by its calls, unless it gets another name
                self._doubt("" if alias.name == "import_module" and not alias.asname else alias.name)
        self._doubt(*(part for part in module.split(".") if part != "importlib"))

    def _absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        parts = self.package.split(".") if self.package else []
        if level > len(parts):
            return ""  # running it will say what is wrong
        return ".".join([*parts[: len(parts) - level + 1], *filter(None, [module])])

    def visit_Call(self, node: ast.Call) -> None:
        if (name := self._constant_import(node)) is not None:
            self.names.add(name)
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                self.visit(argument)
        else:
            self.generic_visit(node)

    def _constant_import(self, node: ast.Call) -> str | None:
        """The module that ``import_module("a.b")`` or ``__import__("a")`` names, if it can be read off."""
        match node.func:
            case ast.Name(id="import_module" | "__import__" as function):
                pass
            case ast.Attribute(value=ast.Name(id="importlib"), attr="import_module" as function):
                pass
            case _:
                return None
        if node.keywords:
            return None
        match node.args:
            case [ast.Constant(value=str(name))] if not name.startswith("."):
                return name
            case [ast.Constant(value=str(name)), anchor] if function != "__import__":
                within = anchor.value if isinstance(anchor, ast.Constant) else None
                if ast.unparse(anchor) == "__package__":
                    within = self.package
                if not isinstance(within, str) or not within:
                    return None
                level = len(name) - len(name.lstrip("."))
                return _Seen(within)._absolute(name[level:], level) or None
        return None

    def visit_Name(self, node: ast.Name) -> None:
        self._doubt(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._doubt(node.attr)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._doubt(node.name)
        self.generic_visit(node)

    def _doubt(self, *words: str) -> None:
        self.doubtful |= not _DOUBTFUL.isdisjoint(words)
