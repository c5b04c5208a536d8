"""The rules of this tree, so that they hold when there are ninety concepts."""

import pkgutil

import mathref

CONCEPTS = sorted(name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_")
TOP = {"docs", "mathref", "tests", "mkdocs.yml", "pyproject.toml", "README.md"}
TOP |= {"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"}
