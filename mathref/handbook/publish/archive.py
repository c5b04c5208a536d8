"""What is done to the built site: formulas' styles, data files, fonts, policy, the archive to take along."""

import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import rjsmin

from mathref.handbook.publish import cards, fonts, policy, styles
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.formulas import KATEX, Formulas


def write_formula_styles(site: Path, formulas: Formulas) -> None:
    """The style classes that the formulas use, and KaTeX's own rules without the fonts that are not served."""
    rules = "".join(f".{name}{{{style}}}\n" for name, style in sorted(formulas.styles.items()))
    (site / styles.FORMULAS).write_text(rules)
    css = (KATEX / "katex.min.css").read_text()
    css = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", css)
    (site / styles.FORMULAS).with_name("katex.min.css").write_text(css)


def write_json(path: Path, entries: list[dict[str, Any]]) -> None:
    """A data file."""
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_cards(site: Path, about: dict[str, tuple[str, str]], name: str, cache: Cache) -> None:
    """Pictures for links to pages; `about` has the title and one line of each by its file's name."""
    (font,) = (site / "assets" / "fonts").glob("*-wght-normal.woff2")
    folder = site / "assets" / "cards"
    folder.mkdir()
    for stem, (title, line) in about.items():
        (folder / f"{stem}.png").write_bytes(cards.kept(title, line, name, font, cache))


def write_package(site: Path, root: Path) -> None:
    """The library as a wheel, without what builds pages, for readers who have no index to get it from; its source."""
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    if not (root / "pyproject.toml").is_file():
        return
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    name = config["project"]["name"]
    config["project"].pop("entry-points", None)
    without = {"only-include": [name], "exclude": [f"{name}/handbook", f"{name}/site"]}
    config["tool"]["hatch"]["build"] = {"targets": {"wheel": without}}
    for builder in (WheelBuilder(str(root), config=config), SdistBuilder(str(root))):
        list(builder.build(directory=str(site), versions=["standard"]))


def finish(site: Path, archive: str, cache: Cache, foreign: list[Path]) -> None:
    """Make a site ready to be published: small fonts and sheets, a strict policy, an archive that needs no server.

    The class names in `foreign` scripts, those of a theme, count as used as far as its pages have their kind.
    """
    characters = fonts.Characters()
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    scripts: set[str] = set()
    for path, page in pages.items():
        policy.refuse_styles(page, str(path.relative_to(site)))
        scripts |= policy.hashes(page)
        characters.read(page)
    own = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.js")) if "assets" not in path.parts}
    for script in own.values():
        characters.read(script)
    fonts.shrink(site, characters, cache)
    themes = [path.read_text(encoding="utf-8") for path in foreign]
    sheets = styles.linked(pages[site / "index.html"], site)
    ours = [path.read_text(encoding="utf-8") for path in sheets if "assets" not in path.parts]  # all of it is used
    code = [script for path, script in own.items() if path.parent != site / "search"]  # an index has words, no classes
    used = styles.Used(pages.values(), [*code, *ours], themes)
    styles.purge(sheets, used, cache)
    css = styles.merge(pages, sheets, site)
    for path, script in own.items():
        path.write_text(rjsmin.jsmin(script), encoding="utf-8")
    rules = (site / styles.FORMULAS).read_text(encoding="utf-8")
    styles.formula_sheets(pages, dict(re.findall(r"\.(\w+)\{(.*)\}\n", rules)), site)
    pages = {path: styles.bare(page, css) for path, page in pages.items()}
    _pack(site, pages, archive)  # where fonts are at hand and a preload between files is refused
    rules = policy.policy(scripts)
    for path, page in pages.items():
        path.write_text(policy.in_page(fonts.preload(page), rules), encoding="utf-8")
    policy.write_headers(site, rules)


_FOLDER_LINK = re.compile(r'(href="(?!https?:|mailto:|//)[^"#?]*/)(?=[#?"])')
_HOME_LINK = re.compile(r'href="((?:\.\./)*\.{1,2})"')
_SCRIPT = re.compile(r'<script src="((?:\.\./)*)')


def _pack(site: Path, pages: dict[Path, str], archive: str) -> None:
    """A zip of the site whose links lead to files and whose search needs no server."""
    with zipfile.ZipFile(site / archive, "w", zipfile.ZIP_DEFLATED) as packed:
        files = (path for path in site.rglob("*") if path.is_file() and path.name != archive)
        for path in sorted(path for path in files if path.name != ".htaccess"):  # left by an earlier build, for servers
            name = f"{Path(archive).stem}/{path.relative_to(site)}"
            data = _from_file(pages[path]).encode() if path in pages else path.read_bytes()
            # one date for all files, so that two builds give the same archive
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def _from_file(page: str) -> str:
    page = _FOLDER_LINK.sub(r"\1index.html", page)
    page = _HOME_LINK.sub(r'href="\1/index.html"', page)
    worker = '<script src="{}assets/iframe-worker/index.js" defer></script>{}'
    return _SCRIPT.sub(lambda first: worker.format(first[1], first[0]), page, count=1)
