"""Words that do not belong into a finished tree."""

import re

import tree

BINARY = (".xz", ".png", ".gz", ".ico", ".jpg")
# Words in two halves, so that this file passes its own checks.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
COMMON_FOLDERS = {"/", "/tmp", "/home", "/usr", "/usr/src", "/opt", "/srv",
                  "/var", "/var/lib", "/var/tmp", "/mnt", "/src", "/build",
                  "/run", "/etc", "/dev", "/dev/shm"}


def lines():
    for path in tree.files():
        if path.suffix in BINARY or path.name == "package-lock.json":
            continue
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            yield "%s:%d" % (tree.short(path), number), line


def unfinished():
    for place, line in lines():
        match = UNFINISHED.search(line)
        if match and "mktemp" not in line:
            yield "%s: %s" % (place, match.group(0))


def machine_paths():
    """The folder this tree lies in, or somebody's home, named in a file."""
    own = [str(folder) for folder in [tree.ROOT, *tree.ROOT.parents]
           if str(folder) not in COMMON_FOLDERS]
    wrong = re.compile(r"(?<![\w.$}])(%s)(?![\w-])" % "|".join(
        [re.escape(folder) for folder in own] + ["/ro" "ot", r"/home/\w+"]))
    for place, line in lines():
        match = wrong.search(line)
        if match:
            yield "%s: %s" % (place, match.group(0))
