"""The files of the source tree, without what was built."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = {".git", "autom4te.cache", "build-aux", "node_modules", "__pycache__",
           ".pytest_cache"}
GENERATED = {"configure", "configure~", "Makefile.in", "aclocal.m4"}


def files(*folders, suffixes=None):
    """Paths in a fixed order; suffixes is a tuple such as (".c", ".h")."""
    found = []
    for start in folders or (".",):
        for folder, names, plain in os.walk(ROOT / start):
            names[:] = [name for name in names if name not in SKIPPED
                        and not name.startswith("build")]
            for name in plain:
                path = pathlib.Path(folder) / name
                if name in GENERATED and path.parent == ROOT:
                    continue
                if suffixes and not name.endswith(suffixes):
                    continue
                if path.is_file():
                    found.append(path)
    return sorted(found)


def short(path):
    return str(path.relative_to(ROOT))


def text(path):
    return path.read_text(encoding="utf-8", errors="replace")
