"""Man pages, and the options they must tell of.

Some pages are made by the build: KATTEGAT_BUILD names its folder.
"""

import os
import pathlib
import re
import subprocess

import tree

ROW = re.compile(r"^\tROW_[A-Z]+\((\w+),", re.M)


def option_names():
    return ROW.findall(tree.text(tree.ROOT / "src/daemon/options.c"))


def pages(pattern):
    build = pathlib.Path(os.environ.get("KATTEGAT_BUILD", tree.ROOT))
    return [path for folder in {tree.ROOT, build}
            for place in ("etc", "src") for path in (folder / place).rglob("*")
            if re.fullmatch(pattern, path.name)]


def options():
    names = option_names()
    if len(names) < 20:
        yield "src/daemon/options.c: the table was not understood"
    for page in ("kattegat.conf.5", "kattegat.conf"):
        found = pages(re.escape(page))
        if not found:
            yield "%s is not there" % page
            continue
        text = tree.text(found[0]).replace(r"\-", "-").replace(r"\_", "_")
        for name in names:
            if not re.search(r"(?<![\w-])%s(?![\w-])" % name, text):
                yield "%s does not tell of %s" % (page, name)


def mandoc():
    found = pages(r".*\.[1-8]")
    for name in ("kattegatd.8", "kattegatctl.8", "kattegat.conf.5",
                 "kattegat-metrics.5"):
        if name not in [path.name for path in found]:
            yield "%s is not there" % name
    for path in found:
        run = subprocess.run(["mandoc", "-Tlint", "-Wwarning", str(path)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True)
        for line in run.stdout.splitlines():
            yield line.replace(str(tree.ROOT) + "/", "")
