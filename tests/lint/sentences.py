"""What is said to a client in English, and its Danish.

By the database: src/words/sentences.def; of a request that cannot be read:
src/api/reasons.def, of which the second half of this file is.

The sentences are read out of db/functions: the arguments of what refuses (the
table SAYS) and every RAISE, with each value that is only known later as a gap.
Literals, ||, format(), CASE, coalesce() and concat_ws() are followed; what
cannot be read is complained about, for nobody could put it into Danish.
"""

import itertools
import re

import tree

CATALOGUE = "src/words/sentences.def"
# Never called for a client: imports, demo data, the operator's own.
OPERATORS = {"50_feed.sql", "60_text.sql", "61_season.sql", "62_registry.sql",
             "63_demo.sql", "70_retime.sql", "81_scale.sql",
             "90_operator.sql"}
GAP = "\0"
SENTENCE, WORD = "SENTENCE", "WORD"
# function: {which argument: (what it is, the text around it)}
SAYS = {
    "kg.refuse": {1: (SENTENCE, "%s"), 2: (SENTENCE, "%s")},
    "kg.missing": {0: (SENTENCE, "there is no %s"), 1: (SENTENCE, "%s")},
    "kg.wrong_state": {0: (SENTENCE, "%s"), 1: (SENTENCE, "%s")},
    "kg.match_must": {2: (WORD, "%s"), 3: (SENTENCE, "%s")},
    "kg.line_of": {1: (WORD, "%s")},
    "kg.line_must": {1: (WORD, "%s")},
    "kg.prose_of": {1: (WORD, "%s")},
    "kg.version_must": {0: (WORD, "%s")},
    "kg.version_refuse": {0: (WORD, "%s")},
    "kg.may_must": {1: (WORD, "%s")},
}
# These hand on what they are called with, which is read where they are called,
# or what a function of GIVES_SENTENCES gives.
HANDS_ON = {"kg.refuse", "kg.missing", "kg.wrong_state", "kg.match_must",
            "kg.local_check", "kg.series_wish"}
GIVES_SENTENCES = {"kg.local_problem"}
GIVES = {"kg.span_text": ["from %s to %s" % (GAP, GAP)]}

TOKEN = re.compile(r"""
    (?P<space>\s+|--[^\n]*)
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>[A-Za-z_][\w.]*)
    | (?P<other>\|\||::|.)""", re.X | re.S)
ENDS = {")", ",", ";", "]"}


class Sql:
    """The tokens of one file, read as far as sentences go."""

    def __init__(self, text):
        self.tokens = []
        line = 1
        for match in TOKEN.finditer(text):
            if match.lastgroup != "space":
                self.tokens.append((match.lastgroup, match.group(), line))
            line += match.group().count("\n")

    def word(self, at):
        if at >= len(self.tokens):
            return ""
        kind, text, _ = self.tokens[at]
        return text.lower() if kind == "name" else \
            "" if kind == "text" else text

    def close(self, at):
        """Past the bracket that closes the one at `at`."""
        depth = 0
        while True:
            if self.word(at) in ("(", "["):
                depth += 1
            elif self.word(at) in (")", "]"):
                depth -= 1
            at += 1
            if depth == 0:
                return at

    def arguments(self, at):
        """[(from, to)] of a call whose ( is at `at`."""
        end = self.close(at) - 1
        found, start, here = [], at + 1, at + 1
        while here < end:
            if self.word(here) in ("(", "["):
                here = self.close(here)
                continue
            if self.word(here) == ",":
                found.append((start, here))
                start = here + 1
            here += 1
        return found + [(start, end)] if end > at + 1 else []

    def parts(self, start, end, mark):
        """Cuts at a mark outside of brackets and CASE."""
        found, depth, here = [], 0, start
        while here < end:
            word = self.word(here)
            if word in ("(", "["):
                here = self.close(here)
                continue
            depth += (word == "case") - (word == "end")
            if word == mark and depth == 0:
                found.append((start, here))
                start = here + 1
            here += 1
        return found + [(start, end)]

    # ---- what an expression may come to: texts with gaps; None: NULL ----

    def texts(self, start, end):
        parts = self.parts(start, end, "||")
        if len(parts) > 1:
            return [joined(one) for one in itertools.product(
                *[self.texts(*part) for part in parts])]
        word = self.word(start)
        kind, text, _ = self.tokens[start]
        if kind == "text" and all(self.tokens[at][0] == "text"
                                  for at in range(start, end)):
            return ["".join(self.tokens[at][1][1:-1].replace("''", "'")
                            for at in range(start, end))]
        if word == "(" and self.close(start) == end:
            return self.texts(start + 1, end - 1)
        if word == "null":
            return [None]
        if word == "case":
            return self.cases(start, end)
        if word == "select":
            return self.texts(*self.selected(start, end))
        if self.word(start + 1) == "(" and self.close(start + 1) == end:
            return self.call(word, self.arguments(start + 1))
        return self.listed(word, end) if end == start + 1 else [GAP]

    def selected(self, start, end):
        """The expression of a subselect."""
        at = start + 1
        while at < end and self.word(at) != "from":
            at = self.close(at) if self.word(at) in ("(", "[") else at + 1
        return start + 1, at

    def cases(self, start, end):
        found, at, otherwise = [], start + 1, False
        depth, since = 0, None
        while at < end:
            word = self.word(at)
            if word in ("(", "["):
                at = self.close(at)
                continue
            if depth == 0 and word in ("when", "else", "end") and since:
                found += self.texts(since, at)
                since = None
            if depth == 0 and word in ("then", "else"):
                since = at + 1
                otherwise |= word == "else"
            if at < end - 1:
                depth += (word == "case") - (word == "end")
            at += 1
        return found + ([] if otherwise else [None])

    def listed(self, name, at):
        """A name that stands for each of unnest(array['...', ...]) AS name."""
        while at < len(self.tokens) and self.word(at) != ";":
            if (self.word(at) == "unnest" and self.word(at + 2) == "array"
                    and self.word(self.close(at + 1) + 1) == name):
                return [text for part in self.arguments(at + 3)
                        for text in self.texts(*part)]
            at += 1
        return [GAP]

    def call(self, name, arguments):
        if name == "coalesce":
            found = [text for one in arguments for text in self.texts(*one)]
            return [text for text in found if text is not None] or [None]
        if name == "nullif":
            return self.texts(*arguments[0])
        if name == "concat_ws":
            separator = self.texts(*arguments[0])[0]
            return [separator.join(chosen) for chosen in
                    itertools.product(*[self.texts(*one)
                                        for one in arguments[1:]])] + [
                text for one in arguments[1:] for text in self.texts(*one)]
        if name == "format":
            return [filled(form, values) for form in self.texts(*arguments[0])
                    for values in itertools.product(
                        *[self.texts(*one) for one in arguments[1:]])]
        return GIVES.get(name, [GAP])

    # ---- where sentences stand ----

    def said(self):
        """Yields (line, function it stands in, kind, text)."""
        inside = ""
        for at in range(len(self.tokens)):
            word, line = self.word(at), self.tokens[at][2]
            if word == "function" and self.word(at - 1) in ("replace",
                                                            "create"):
                inside = self.word(at + 1)
            elif word in SAYS and self.word(at + 1) == "(" \
                    and self.word(at - 1) != "function":
                for line, kind, text in self.said_by_call(word, at + 1):
                    yield line, inside, kind, text
            elif word == "raise":
                for text in self.said_by_raise(at):
                    yield line, inside, SENTENCE, text
            elif word == "return" and inside in GIVES_SENTENCES:
                for text in self.texts(at + 1, self.statement_end(at)):
                    if text is not None:
                        yield line, inside, SENTENCE, text

    def statement_end(self, at):
        while self.word(at) != ";":
            at = self.close(at) if self.word(at) in ("(", "[") else at + 1
        return at

    def said_by_call(self, name, at):
        arguments = self.arguments(at)
        for number, (kind, around) in SAYS[name].items():
            if number >= len(arguments):
                continue
            line = self.tokens[arguments[number][0]][2]
            for text in self.texts(*arguments[number]):
                if text is not None:
                    yield line, kind, around % text

    def said_by_raise(self, at):
        end = self.statement_end(at)
        if self.word(at + 1) != "exception":
            return
        if self.word(at + 2) != "using":
            yield self.tokens[at + 2][1]
            return
        for start, stop in self.parts(at + 3, end, ","):
            if self.word(start) in ("message", "hint"):
                yield from filter(None, self.texts(start + 2, stop))


def joined(parts):
    return None if None in parts else "".join(parts)


def filled(form, values):
    """As format() does; a literal value is part of the text."""
    values = iter(values)
    return re.sub("%([sIL%])", lambda gap: "%" if gap.group(1) == "%"
                  else next(values) or "", form)


def of_database():
    """Yields (place, function, kind, text)."""
    for path in tree.files("db/functions", suffixes=(".sql",)):
        if path.name in OPERATORS:
            continue
        for line, inside, kind, text in Sql(tree.text(path)).said():
            # a word that is a gap alone is a value of a row
            if text and (text != GAP or kind == SENTENCE
                         and inside not in HANDS_ON):
                yield "%s:%d" % (tree.short(path), line), inside, kind, text


# ---- the catalogue ----

PIECE = r'"((?:[^"\\]|\\.)*)"'
ENTRY = re.compile(r'^WORDS_(SENTENCE|WORD|VALUE)\(((?:"(?:[^"\\]|\\.)*"\s*)+),',
                   re.M)
GAPS = {"%s": "[^A-Za-z]+", "%d": GAP, "%t": GAP, "%w": GAP}


def catalogue():
    """[(kind, English)]"""
    return [(kind, "".join(re.findall(PIECE, pieces)).replace('\\"', '"'))
            for kind, pieces in ENTRY.findall(tree.text(tree.ROOT /
                                                        CATALOGUE))]


def pattern(english):
    return re.compile("".join(GAPS.get(part) or re.escape(part)
                              for part in re.split("(%[sdtw])", english)))


def shown(text):
    return '"%s"' % text.replace(GAP, "%s")


def danish():
    """Every sentence has its Danish, and every entry its sentence."""
    entries = {entry: pattern(entry[1]) for entry in catalogue()}
    used = set()
    for place, inside, kind, text in of_database():
        found = {entry for entry, its in entries.items()
                 if entry[0] == kind and its.fullmatch(text)}
        used |= found
        if text == GAP:
            yield "%s: what %s says cannot be read here" % (place, inside)
        elif not found:
            yield "%s: %s has no Danish in %s (%s)" % (
                place, shown(text), CATALOGUE, kind.lower())
    rows = "\n".join(map(tree.text, tree.files("db", suffixes=(".sql",))))
    for kind, english in entries:
        if kind == "VALUE" and "'%s'" % re.sub("%[dw]", "%s", english) \
                not in rows:
            yield "%s: no row has the value %s" % (CATALOGUE, shown(english))
        elif kind != "VALUE" and (kind, english) not in used:
            yield "%s: nothing says %s any more" % (CATALOGUE, shown(english))


# ---- why a request cannot be read ----

REASONS = "src/api/reasons.def"
REASON = re.compile(r'^API_REASON\(((?:"(?:[^"\\]|\\.)*"\s*)+),', re.M)
TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
# Where they are said: a whole sentence in lib/http, an argument in src/api.
SAID_IN = [
    ("lib/http/framing.c", re.compile(r'("[A-Z](?:[^"\\]|\\.)* [^"]*\.")')),
    ("lib/http/parser.c", re.compile(r'("[A-Z](?:[^"\\]|\\.)* [^"]*\.")')),
    ("lib/http/conn.c", re.compile(r"conn_refuse\([^;]*?" + TEXT)),
    ("lib/json/value.c", re.compile(r"err_set\(err, " + TEXT)),
    ("src/api/input.c", re.compile(r"malformed\([^;]*?" + TEXT)),
    ("src/api/call.c", re.compile(r'problem_header\([^;]*?, "[^"]*",\s*' + TEXT)),
]


def one_text(pieces):
    return "".join(re.findall(PIECE, pieces)).replace('\\"', '"')


def reasons():
    """Every reason has its Danish, and every entry is a reason."""
    known = {re.sub("%[sdtw]", GAP, one_text(pieces))
             for pieces in REASON.findall(tree.text(tree.ROOT / REASONS))}
    said = set()
    for path, form in SAID_IN:
        for pieces in form.findall(tree.text(tree.ROOT / path)):
            text = re.sub("%z?[sdu]", GAP, one_text(pieces))
            said.add(text)
            if text not in known:
                yield "%s: %s has no Danish in %s" % (path, shown(text),
                                                     REASONS)
    # what libjansson quotes after its own words
    for text in known - said:
        if " near " not in text:
            yield "%s: nothing says %s any more" % (REASONS, shown(text))
