"""Man pages, and the options they must tell of."""

import re
import subprocess

import tree

ROW = re.compile(r"^\tROW_[A-Z]+\((\w+),", re.M)


def option_names():
    return ROW.findall(tree.text(tree.ROOT / "src/daemon/options.c"))


def options():
    names = option_names()
    if len(names) < 20:
        yield "src/daemon/options.c: the table was not understood"
    for page in ("kattegat.conf.5", "kattegat.conf"):
        found = [path for path in tree.files("etc") if path.name == page]
        if not found:
            continue
        text = tree.text(found[0]).replace(r"\-", "-")
        for name in names:
            if not re.search(r"(?<![\w-])%s(?![\w-])" % name, text):
                yield "%s does not tell of %s" % (tree.short(found[0]), name)


def man_pages():
    return [path for path in tree.files("etc", "src")
            if re.search(r"\.[1-8]$", path.name)]


def mandoc():
    for path in man_pages():
        run = subprocess.run(["mandoc", "-Tlint", "-Wwarning", str(path)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True)
        for line in run.stdout.splitlines():
            yield line.replace(str(tree.ROOT) + "/", "")
