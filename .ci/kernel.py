"""Print which OpenBLAS kernel runs in this process: a line for each library that NumPy and SciPy have loaded."""

import ctypes
import re
from pathlib import Path

import numpy  # noqa: F401
import scipy.linalg  # noqa: F401

NAMES = ("scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename")
# Prescott's kernel is that of the older processors too, of which OpenBLAS names the first.
SAME = {"Katmai": "Prescott"}


def main() -> None:
    """Ask each library."""
    for path in sorted(set(re.findall(r"/\S*openblas\S*", Path("/proc/self/maps").read_text()))):
        library = ctypes.CDLL(path)
        asked = next(getattr(library, name) for name in NAMES if hasattr(library, name))
        asked.restype = ctypes.c_char_p
        name = asked().decode()
        print(SAME.get(name, name))


if __name__ == "__main__":
    main()
