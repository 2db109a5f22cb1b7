#!/usr/bin/python3
"""Runs every check of the sources and says the results in TAP.

    all.py [WORDS...]       only the checks whose names hold one of the words

Each check is a function that yields complaints; none means that it passed.
"""

import sys

import grants
import layers
import pages
import queries
import scripts
import sentences
import sizes
import texts

CHECKS = [
    ("a room includes only what it may see", layers.directions),
    ("one room owns each foreign library", layers.owners),
    ("functions and files stay short", sizes.lengths),
    ("lines of C are not much longer than 80", sizes.columns),
    ("every option is documented", pages.options),
    ("man pages pass mandoc", pages.mandoc),
    ("every query is compiled in and used", queries.used),
    ("every query can be prepared", queries.preparable),
    ("every migration and function file is applied", queries.applied),
    ("a role may do what its queries need", grants.least),
    ("what the database says has its Danish", sentences.danish),
    ("why a request cannot be read has its Danish", sentences.reasons),
    ("shell scripts are sound", scripts.shell),
    ("nothing is left to be done", texts.unfinished),
    ("no path of one machine", texts.machine_paths),
]


def main():
    words = sys.argv[1:]
    failed = 0
    for number, (name, check) in enumerate(CHECKS, 1):
        if words and not any(word in name for word in words):
            continue
        complaints = list(check())
        if complaints:
            failed += 1
        print("%s %d - %s" % ("not ok" if complaints else "ok", number, name))
        for complaint in complaints:
            print("#   " + complaint)
        sys.stdout.flush()
    print("1..%d" % len(CHECKS))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
