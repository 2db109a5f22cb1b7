"""How long functions, files and lines may be."""

import tree

FUNCTION_LINES_MOST = 80
FILE_LINES_MOST = 1000
COLUMNS_MOST = 88  # the aim is 80


def c_files():
    return tree.files("lib", "src", "tests", suffixes=(".c", ".h"))


def lengths():
    for path in tree.files("lib", "src", "tests", "db", "contrib",
                           suffixes=(".c", ".h", ".py", ".sql", ".tmpl")):
        lines = tree.text(path).split("\n")
        if len(lines) - 1 > FILE_LINES_MOST:
            yield "%s: %d lines; %d at most" % (
                tree.short(path), len(lines) - 1, FILE_LINES_MOST)
        if path.suffix not in (".c", ".h"):
            continue
        begin = None
        for number, line in enumerate(lines, 1):
            # In the house style only a function opens in the first column.
            if line == "{":
                begin = number
            elif line == "}" and begin:
                length = number - begin - 1
                if length > FUNCTION_LINES_MOST:
                    yield "%s:%d: a function of %d lines; %d at most" % (
                        tree.short(path), begin, length, FUNCTION_LINES_MOST)
                begin = None


def columns():
    for path in c_files():
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            if len(line.expandtabs(8)) > COLUMNS_MOST:
                yield "%s:%d: longer than %d columns" % (
                    tree.short(path), number, COLUMNS_MOST)
            if line != line.rstrip():
                yield "%s:%d: ends in a blank" % (tree.short(path), number)
