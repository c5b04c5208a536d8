"""Public functions, watched while the examples of their docstrings run: which converter is asked about which argument.

So it is known what each argument takes and what a good value of it is, and nobody has to write it down again.
"""

import contextlib
import copy
import doctest
import inspect
import io
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import CodeType, FrameType
from typing import Any

import numpy as np

import mathref
import mathref._arguments

CONCEPTS = [name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_"]


def _defined_in(module_name: str) -> Iterator[Any]:
    module = import_module(module_name)
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module_name and name[0] != "_":
            yield function


def functions(concepts: list[str]) -> list[Any]:
    return [function for concept in concepts for function in _defined_in(f"mathref.{concept}")]


CONVERTERS: dict[CodeType, str] = {
    function.__code__: f"{module}.{function.__name__}"
    for _, module, _ in pkgutil.iter_modules(mathref._arguments.__path__)
    for function in _defined_in(f"mathref._arguments.{module}")
}


@dataclass
class Conversion:
    """A converter, as layers.as_examples, and what it was called with; whether for an argument or its first entry."""

    converter: str
    options: dict[str, Any]
    of_entry: bool


@dataclass
class Call:
    """A call of a function in an example of its docstring: its arguments, and by name what they were converted by."""

    function: Callable[..., Any]
    arguments: dict[str, Any]
    conversions: dict[str, list[Conversion]] = field(default_factory=dict)

    def of(self, name: str) -> list[Conversion]:
        """Conversions of an argument, or of its first entry; an argument of None was not converted."""
        return self.conversions.get(name, []) if self.arguments[name] is not None else []

    def fresh(self, **changed: Any) -> dict[str, Any]:
        """The arguments anew, some of them changed; lists as arrays, so that a change in place would show."""
        arguments = copy.deepcopy(self.arguments)
        for name, value in arguments.items():
            converters = {c.converter for c in self.of(name) if not c.of_entry}
            if isinstance(value, list) and converters & {"arrays.as_array", "labels.as_samples"}:
                arguments[name] = np.array(value)
        return {**arguments, **changed}

    def repeated(self, arguments: dict[str, Any]) -> Any:
        """The result of the function with these arguments."""
        bound = inspect.BoundArguments(inspect.signature(self.function), arguments)  # type: ignore[arg-type]
        return self.function(*bound.args, **bound.kwargs)


@cache
def calls(function: Callable[..., Any]) -> list[Call]:
    """The calls of a function in the examples of its docstring that do not raise."""
    (examples,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__)
    watch = _Watch(function)
    for example in examples.examples:
        if example.exc_msg is None:
            watch.run(example.source, examples.globs)
    return watch.calls


class _Watch:
    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls: list[Call] = []
        self.inside: FrameType | None = None

    def run(self, source: str, names: dict[str, Any]) -> None:
        before = sys.getprofile()
        sys.setprofile(self)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, "<example>", "exec"), names)
        finally:
            sys.setprofile(before)

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame is self.inside:
            self.inside = None
        elif event == "call" and self.inside is None and frame.f_code is self.function.__code__:  # type: ignore[attr-defined]
            self.inside = frame
            self.calls.append(Call(self.function, copy.deepcopy(frame.f_locals)))
        elif event == "call" and self.inside is not None and frame.f_code in CONVERTERS:
            self._note(CONVERTERS[frame.f_code], dict(frame.f_locals))

    def _note(self, converter: str, options: dict[str, Any]) -> None:
        """A converter says by `name` or `names` what it converts; otherwise its first argument has that name."""
        names = options.get("names") or (options.get("name") or next(iter(options)),)
        for name in names:
            conversion = Conversion(converter, options, of_entry=name.endswith("[0]"))
            self.calls[-1].conversions.setdefault(name.removesuffix("[0]"), []).append(conversion)


def description(function: Callable[..., Any], name: str) -> tuple[str, str]:
    """What the docstring says about an argument: the rest of its first line, and the lines below."""
    parameters = re.split(r"^Returns$", inspect.getdoc(function) or "", flags=re.MULTILINE)[0]
    found = re.search(rf"^[\w*, ]*\b{name}\b[\w*, ]* : (.*)((?:\n    .*)*)", parameters, re.MULTILINE)
    return (found[1], found[2]) if found else ("", "")
