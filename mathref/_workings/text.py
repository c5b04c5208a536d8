"""The same TeX as a terminal shows it: Unicode, and matrices drawn over several lines."""

import re
from collections.abc import Sequence

from mathref._workings.tex import Rows, tex

_SYMBOLS = {
    r"\leftrightarrow": "↔", r"\leftarrow": "←", r"\approx": "≈", r"\cdot": "·", r"\times": "×", r"\pm": "±",
    r"\lambda": "λ", r"\sigma": "σ", r"\nabla ": "∇", r"\infty": "∞", r"\det": "det", r"\log": "log", r"\ln": "ln",
    r"\partial ": "∂", r"\quad": "  ", r"\,": " ", r"\|": "‖",
}  # fmt: skip
_RAISED = str.maketrans("0123456789-T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def plain(formula: str) -> str:
    """TeX of the few commands used here as Unicode."""
    for command, symbol in _SYMBOLS.items():
        formula = formula.replace(command, symbol)
    formula = re.sub(r"\\operatorname\{(\w+)\}", r"\1", formula)
    formula = re.sub(r"_(\d)|_\{([^{}]*)\}", lambda m: (m[1] or m[2]).translate(_LOWERED), formula)
    formula = re.sub(r"\^([\dT])|\^\{([^{}]*)\}", lambda m: (m[1] or m[2]).translate(_RAISED), formula)
    inner = ""
    while inner != formula:  # from the innermost braces outwards
        inner = formula
        formula = re.sub(r"\\sqrt\{([^{}]*)\}", lambda m: "√" + _grouped(m[1]), formula)
        formula = re.sub(r"\\tfrac\{([^{}]*)\}\{([^{}]*)\}", lambda m: f"{_grouped(m[1])}/{m[2]}", formula)
    return formula


def _grouped(formula: str) -> str:
    return f"({formula})" if re.search("[ /]", formula) else formula


def piece_text(piece: str | Rows) -> list[str]:
    if isinstance(piece, str):
        return [plain(piece)]
    cells = [[plain(tex(entry)) for entry in row] for row in piece]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    if len(rows) == 1:
        return [f"[{rows[0]}]"]
    left, right = ("⎡" + "⎢" * (len(rows) - 2) + "⎣", "⎤" + "⎥" * (len(rows) - 2) + "⎦")
    return [a + row + b for a, row, b in zip(left, rows, right, strict=True)]


def beside(blocks: Sequence[list[str]]) -> list[str]:
    """Blocks of text side by side, each in the middle of the height."""
    height = max(map(len, blocks))
    columns = []
    for block in blocks:
        width, above = max(map(len, block)), (height - len(block)) // 2
        padded = [""] * above + block + [""] * (height - len(block) - above)
        columns.append([row.ljust(width) for row in padded])
    return [" ".join(row).rstrip() for row in zip(*columns, strict=True)]
