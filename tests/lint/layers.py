"""Who may include what."""

import re

import tree

# Room: the rooms it may see. Every room sees base and itself.
MAY_SEE = {
    "base": "",
    "loop": "",
    "pg": "loop",
    "http": "loop",
    "json": "",
    "ical": "",
    "mail": "loop",
    "page": "",
    "secret": "loop",
    "gen": "",
    "domain": "",
    "words": "page",
    "store": "domain pg",
    "feed": "loop domain ical store http secret page",
    "jobs": "loop domain store mail feed page secret",
    "sign": "loop store feed json secret",
    "api": "loop domain store feed http json secret page sign words",
    "web": "loop domain store feed http json page secret sign words",
    "daemon": "*",
    "ctl": "*",
}

# Foreign header: the rooms that use its library.
OWNERS = [
    (r"libpq-fe\.h", "pg"),
    (r"openssl/(ssl|bio|x509.*)\.h", "http"),
    (r"openssl/.*", "http secret"),
    (r"crypt\.h", "secret"),
    (r"libical/.*|ical\.h", "ical"),
    (r"jansson\.h", "json"),
    (r"curl/.*", "mail"),
    (r"libdeflate\.h", "feed"),
    (r"zlib\.h", "feed"),
    (r"csv\.h", "ctl"),
    (r"qrencode\.h", "web"),
    (r"systemd/.*", "loop daemon"),
    (r"event2/.*", "loop pg http"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def sources():
    for folder in ("lib", "src"):
        for path in tree.files(folder, suffixes=(".c", ".h", ".tmpl")):
            yield path, path.relative_to(tree.ROOT / folder).parts[0]


def includes(path):
    text = tree.text(path)
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, match.group(1), match.group(2)


def directions():
    for path, room in sources():
        if room not in MAY_SEE:
            yield "%s: room %s is not in the table" % (tree.short(path), room)
            continue
        seen = MAY_SEE[room].split() + ["base", room]
        for line, kind, name in includes(path):
            other = name.split("/")[0]
            if kind != '"' or "*" in seen:
                continue
            if "/" not in name:
                yield '%s:%d: "%s" is named without its room' % (
                    tree.short(path), line, name)
            elif other not in seen:
                yield "%s:%d: %s may not see %s" % (
                    tree.short(path), line, room, name)


def owners():
    for path, room in sources():
        for line, kind, name in includes(path):
            if kind != "<":
                continue
            for pattern, rooms in OWNERS:
                if re.fullmatch(pattern, name):
                    if room not in rooms.split():
                        yield "%s:%d: <%s> belongs to %s" % (
                            tree.short(path), line, name, rooms)
                    break
