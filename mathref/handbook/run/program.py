"""A block as the program that a reader would make of it: a file in a folder of its own, run by Python."""

import atexit
import builtins
import contextlib
import ctypes
import gc
import io
import os
import re
import shutil
import sys
import tempfile
import threading
import traceback
import warnings
import weakref
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from itertools import dropwhile
from types import ModuleType
from typing import Any

NAME = "snippet.py"
FOLDER = "mathref-block-"
REPORTER = ("mathref.handbook.claims", "said")  # the module in which a block says more than it prints, and its variable
_NOTES_OF_OURS = "mathref.handbook.claims"  # what Hypothesis adds to errors there is about code that no reader wrote
_print = print
_COLOURS = re.compile(r"\x1b\[[\d;:]*m")


def run(source: str, beside: str | None = None, kind: str = "") -> dict[str, Any]:
    """Run one block; its output, its error or None, its warnings and what it reported. Its folder lies in `beside`."""
    process, warned = os.getpid(), list[str]()
    said: dict[str, Any] = {}
    folder = os.path.realpath(tempfile.mkdtemp(prefix=FOLDER, dir=beside))
    with tempfile.TemporaryFile() as shown:
        main = _begun(source, folder, shown.fileno())
        builtins.print = _keeping_markdown(said) if kind == "working" else _print
        warnings.resetwarnings()
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, category, *_: warned.append(f"{category.__name__}: {message}")
        error = _executed(source, os.path.join(folder, NAME))
        mine = os.getpid() == process  # and not one that the block made by os.fork
        _flushed()
        before = os.lseek(shown.fileno(), 0, os.SEEK_CUR)
        _ended(main)
        if not mine:
            os._exit(error["status"] if error else 0)
        shown.seek(0)
        parts = [_plain(part.decode("utf-8", "replace"), folder) for part in (shown.read(before), shown.read())]
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)
    module_name, variable = REPORTER
    said |= getattr(sys.modules.get(module_name), variable, {})
    if error:
        error |= {key: _plain(error[key], folder) for key in ("message", "traceback")}
        error["after"] = len(parts[0])  # what is printed while the interpreter ends comes later
    texts = [_plain(text, folder) for text in warned]
    return {"output": "".join(parts), "error": error, "warnings": texts, "said": said}


def _plain(text: str, folder: str) -> str:
    """Text without colours, and the block's files by their names alone, since the folder is one of this machine."""
    return _COLOURS.sub("", text).replace(f"{folder}{os.sep}", "")


def _begun(source: str, folder: str, output: int) -> weakref.ref[ModuleType]:
    """What is there before the first line of a program: its file, folder, arguments, streams and main module."""
    path = os.path.join(folder, NAME)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(source + "\n")
    os.chdir(folder)
    sys.argv, sys.path[0] = [NAME], folder
    for number, stream in enumerate((sys.stdout, sys.stderr), 1):
        stream.flush()
        os.dup2(output, number)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if "multiprocessing.process" in sys.modules:
        sys.modules["multiprocessing.process"].ORIGINAL_DIR = folder  # type: ignore[attr-defined]
    module = ModuleType("__main__")
    loader = SourceFileLoader("__main__", path)
    vars(module).update(__builtins__=builtins, __file__=path, __loader__=loader, __package__=None, __cached__=None)
    if sys.version_info < (3, 14):
        vars(module)["__annotations__"] = {}
    sys.modules["__main__"] = module
    return weakref.ref(module)


def _executed(source: str, path: str) -> dict[str, Any] | None:
    process = os.getpid()
    try:
        # bytes, since a program may say in which encoding it is
        exec(compile(f"{source}\n".encode(), path, "exec", dont_inherit=True), vars(sys.modules["__main__"]))
    except SystemExit as stop:
        if isinstance(stop.code, int | None):
            return _described(stop, path) if stop.code else None
        print(stop.code, file=sys.stderr)
        return _described(stop, path)
    except BaseException as stop:
        if stop.__traceback__:  # without the frame of this file
            stop.__traceback__ = stop.__traceback__.tb_next
        if os.getpid() != process:
            sys.excepthook(type(stop), stop, stop.__traceback__)
        return _described(stop, path)
    return None


def _ended(main: weakref.ref[ModuleType]) -> None:
    """What Python does when a program has ended; the interpreter itself stays, for the answer."""
    warnings.simplefilter("ignore")  # as Python does for what is left open at the end
    for step in (vars(threading)["_shutdown"], atexit._run_exitfuncs, _left, gc.collect, lambda: _cleared(main())):
        try:
            step()
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
    _flushed()


def _left() -> None:
    """Let go of the main module; what nothing else holds goes with it, in Python's order."""
    sys.modules.pop("__main__", None)


def _flushed() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]
    ctypes.CDLL(None).fflush(None)


def _cleared(module: ModuleType | None) -> None:
    """Let go of a module's variables, so that files are closed and objects say good-bye: first _names, then others."""
    names = vars(module) if module else {}
    for name in [*(n for n in names if n[:1] == "_" != n[1:2]), *(n for n in names if n != "__builtins__")]:
        names[name] = None


def _keeping_markdown(said: dict[str, Any]) -> Callable[..., None]:
    """`print` that also reports the Markdown of what has one, as a notebook would show it."""

    def shown(*values: Any, **options: Any) -> None:
        pieces = [value._repr_markdown_() for value in values if hasattr(value, "_repr_markdown_")]
        if pieces:
            said.setdefault("markdown", []).extend(pieces)
        _print(*values, **options)

    return shown


def _described(error: BaseException, path: str) -> dict[str, Any]:
    trace = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in trace if frame.filename == path]
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == path else (lines or [1])[-1]
    through = [frame.f_globals.get("__name__") for frame, _ in traceback.walk_tb(error.__traceback__)]
    if _NOTES_OF_OURS in through:
        error.__notes__ = []
    names = [kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException, Exception)]
    whole = _printed(error).removesuffix("\n")
    said = traceback.format_exception_only(error)
    if isinstance(error, SyntaxError):  # its place comes first, indented
        said = list(dropwhile(lambda part: part.startswith(" "), said))
    if isinstance(error, BaseExceptionGroup):  # its members follow it, all with a margin
        first = f"\n  | {said[0].splitlines()[0]}"
        only = first[1:] + whole.rpartition(first)[2]
    else:
        only = "\n".join(whole.split("\n")[-"".join(said).removesuffix("\n").count("\n") - 1 :])
    status = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1
    return {
        "line": line or 1,
        "message": only,
        "names": names or [type(error).__name__],
        "traceback": whole,
        "status": status,
    }


def _printed(error: BaseException) -> str:
    """What Python itself prints of an error; `traceback` leaves out suggestions before Python 3.12."""
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        sys.__excepthook__(type(error), error, error.__traceback__)
    return printed.getvalue()
