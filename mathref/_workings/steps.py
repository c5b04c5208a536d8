"""A working as a sequence of steps, each written once and shown as TeX or as text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from textwrap import indent
from typing import Any, overload

from mathref._workings.tex import Line, Rows, added, equation, sign, tex, total
from mathref._workings.text import beside, piece_text


@dataclass(frozen=True, eq=False)
class Step:
    """One step: what is done in words, the same as TeX, the value it gives, and the formula as a terminal shows it."""

    caption: str
    tex: str
    value: Any
    text: str = field(repr=False)


@dataclass(frozen=True, eq=False, repr=False)
class Working(Sequence[Step]):
    """The steps by which a result comes about; it prints them, and a notebook shows them as mathematics."""

    title: str
    steps: tuple[Step, ...]

    @property
    def result(self) -> Any:
        """The value of the last step."""
        return self.steps[-1].value

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[index]

    def __str__(self) -> str:
        blocks = [self.title]
        for number, step in enumerate(self.steps, 1):
            margin = " " * len(f"{number}. ")
            blocks.append(f"{number}. {step.caption}\n{indent(step.text, margin)}")
        return "\n\n".join(blocks)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        numbered = (f"**{number}.** {step.caption}\n\n$$\n{step.tex}\n$$" for number, step in enumerate(self.steps, 1))
        return "\n\n".join([f"**{self.title}**", *numbered])


def step(caption: str, value: Any, *lines: Line) -> Step:
    """A step from the lines of its formula."""
    pieces = [(line,) if isinstance(line, str) else line for line in lines]
    tex = r" \\[4pt] ".join("& " + " ".join(map(_piece_tex, line)) for line in pieces)
    text = "\n".join(row for line in pieces for row in beside([piece_text(piece) for piece in line]))
    return Step(caption, rf"\begin{{aligned}} {tex} \end{{aligned}}", value, text)


def _piece_tex(piece: str | Rows) -> str:
    if isinstance(piece, str):
        return piece
    rows = [" & ".join(map(tex, row)) for row in piece]
    below = r" \\[3pt] " if any("frac" in row for row in rows) else r" \\ "
    return rf"\begin{{bmatrix}} {below.join(rows)} \end{{bmatrix}}"


def sum_step(caption: str, value: float, name: str, terms: Sequence[Fraction | float]) -> Step:
    """The last step of a sum whose terms were found one by one, four of them in a line."""
    if len(terms) == 1:
        return step(caption, value, equation(name, terms[0]))
    lines = [" ".join(map(added, terms[i : i + 4])) for i in range(0, len(terms), 4)]
    lines[0] = total(terms[:4])
    fractions = [x for x in terms if isinstance(x, Fraction)]
    exact = sum(fractions) if len(fractions) == len(terms) else value
    first, *others = [f"{name} {sign(*terms)} {lines[0]}", *(rf"\quad {line}" for line in lines[1:])]
    return step(caption, value, first, *others, equation(r"\quad", exact))
