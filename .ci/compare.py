"""Compare what two builds of the handbook display: every snippet's output and every claim's result."""

import json
import sys
from pathlib import Path


def shown(site: Path) -> dict[str, str]:
    """What each snippet printed and what came of each claim, by id."""
    snippets = json.loads((site / "snippets.json").read_text())
    claims = json.loads((site / "claims.json").read_text())
    results = {s["id"]: s["output"] for s in snippets}
    return results | {c["id"]: f"{c['passed']} {c.get('counterexample')} {c.get('worst_error')}" for c in claims}


def main() -> int:
    """Print each difference with both sides; 1 if there is any."""
    first, second = (shown(Path(argument)) for argument in sys.argv[1:3])
    different = [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)]
    for name in sorted(different):
        print(f"{name}:\n--- {sys.argv[1]}\n{first.get(name)}\n--- {sys.argv[2]}\n{second.get(name)}")
    print(f"{len(first)} outputs compared, {len(different)} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
