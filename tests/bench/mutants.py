"""A module broken in one small way: a sign, operator, transpose, axis, comparison, constant, function or condition.

Docstrings, type hints, messages and the refusal of arguments stay as they are.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

OPERATORS = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult},
    **{ast.FloorDiv: ast.Mult, ast.Mod: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
    **{ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
_PAIRS = (
    "max min, maximum minimum, argmax argmin, any all, cos sin, floor ceil, add subtract, multiply divide, triu tril, "
    "sum prod, real imag, vdot dot, zeros ones, zeros_like ones_like, log log2"
)
EXCHANGED = {x: y for pair in _PAIRS.split(", ") for x, y in (pair.split(), pair.split()[::-1])}
DROPPED = ("conj", "conjugate", "abs", "sqrt")
SWITCHES = ("axis", "lower", "clean")


class Mutant(NamedTuple):
    """A module with one expression changed; where it stands is told by words that outlive a change of other lines."""

    module: str
    line: int
    function: str
    source: str
    before: str
    after: str
    code: CodeType


def unbroken(folder: Path, module: str) -> Mutant:
    """A module as it is, to be put in its own place: whatever then differs is not a mutant's doing."""
    path = _path(folder, module)
    return Mutant(module, 1, "", "", "", "", compile(path.read_text(), str(path), "exec"))


def _path(folder: Path, module: str) -> Path:
    return folder.joinpath(*module.split(".")).with_suffix(".py")


def mutants(folder: Path, module: str) -> list[Mutant]:
    """All mutants of a module."""
    path = _path(folder, module)
    text = path.read_text()
    tree, lines = ast.parse(text), text.splitlines()
    found = []
    for owners, field, index, old, new in list(_changes(tree, [])):
        shown = next((node for node in [*owners, old] if _is_short(node)), None)
        before = ast.unparse(shown or old)
        _put(owners[-1], field, index, new)
        code = compile(ast.fix_missing_locations(tree), str(path), "exec")
        after = ast.unparse(new if shown in (None, old) else shown)
        _put(owners[-1], field, index, old)
        line = next(node.lineno for node in [old, *reversed(owners)] if hasattr(node, "lineno"))
        named = (node.name for node in owners if isinstance(node, ast.FunctionDef | ast.ClassDef))
        found.append(Mutant(module, line, ".".join(named), lines[line - 1].strip(), before, after, code))
    return found


def _put(owner: ast.AST, field: str, index: int | None, node: Any) -> None:
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node


def _is_short(node: ast.AST) -> bool:
    whole = isinstance(node, ast.expr | ast.Return | ast.Assign | ast.AugAssign | ast.Expr | ast.keyword)
    return whole and len(ast.unparse(node)) <= 100


def _changes(node: ast.AST, owners: list[ast.AST]) -> Iterator[tuple[Any, ...]]:
    """(owners, field of the last, place in it or None, old node, new node) for each change below a node."""
    owners = [*owners, node]
    for field, value in ast.iter_fields(node):
        guards_a_refusal = isinstance(node, ast.If) and field == "test" and all(map(_is_refusal, node.body))
        if field in ("annotation", "returns") or guards_a_refusal:
            continue
        for index, old in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(old, ast.AST) and not _is_refusal(old):
                news = list(_replacements(old, node))
                if field == "test" and not isinstance(old, ast.UnaryOp) and not any(map(_is_negation, news)):
                    news.append(ast.UnaryOp(ast.Not(), old))
                yield from ((owners, field, index, old, new) for new in news)
                yield from _changes(old, owners)


def _is_negation(new: ast.AST) -> bool:
    """Whether a changed condition is true where the old one was false."""
    exact = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
    return isinstance(new, ast.Compare) and len(new.ops) == 1 and isinstance(new.ops[0], exact)


def _is_refusal(node: ast.AST) -> bool:
    """Whether a node only checks arguments, or says what is wrong with them."""
    call = node.value if isinstance(node, ast.Expr) else node
    name = ast.unparse(call.func).lstrip("_") if isinstance(call, ast.Call) else ""
    checks = name.startswith(("as_", "refuse")) and name != "as_precise_as"
    says = isinstance(node, ast.Raise | ast.JoinedStr) or (
        isinstance(node, ast.IfExp) and isinstance(node.body, ast.JoinedStr)
    )
    return checks or says or name == "np.errstate"


def _replacements(node: Any, owner: Any) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(op=ast.MatMult()):
            yield ast.BinOp(node.right, node.op, node.left)
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp() if type(node.op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(node.op)]())
        case ast.Compare():
            for k, op in enumerate(node.ops):
                yield _with(node, ops=[*node.ops[:k], OPERATORS[type(op)](), *node.ops[k + 1 :]])
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(1 - node.value if getattr(owner, "arg", "") in SWITCHES else node.value + 1)
        case ast.Constant(value=float()):
            yield ast.Constant(node.value * 2 if node.value else 1.0)
        case ast.Attribute(attr="T"):
            yield node.value
        case ast.Attribute() if node.attr in EXCHANGED:
            yield _with(node, attr=EXCHANGED[node.attr])
        case ast.Name() if node.id in EXCHANGED and isinstance(owner, ast.Call) and owner.func is node:
            yield _with(node, id=EXCHANGED[node.id])
        case ast.Subscript(slice=ast.Tuple(elts=[first, second])):
            yield _with(node, slice=_with(node.slice, elts=[second, first]))
        case ast.Call():
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            if name in DROPPED:
                yield node.args[0] if node.args else node.func.value
            elif name == "outer":
                yield _with(node, args=node.args[::-1])


def _with(node: Any, **fields: Any) -> Any:
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})
