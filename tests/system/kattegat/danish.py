"""Whether a refusal says in Danish what it says in English.

    hold(english, danish)       two documents of one refusal
    said                        {English: Danish} of all that were held
"""

import re

SPOKEN = ("message", "hint", "detail")
# English words that no Danish one is spelt as, and none of the API's own.
ENGLISH = re.compile(r"\b(the|is|not|has|of|there|it|its|and|or|no|than|cannot|"
                     r"choose|with|another|this|other|must|may|be|are|"
                     r"already|first|who|what|which|by|only)\b")
QUOTED = re.compile(r'"[^"]*"|\([^)]*\)|https?://\S*')
KEPT = re.compile(r'"[^"]*"|\d[\d:.T-]*\d|\b[A-Z]{2,}[A-Z0-9-]*\b')
# A date as machines write it, which people get only quoted and as a form to follow.
ISO = re.compile(r"\b\d{4}-\d\d-\d\d")
COLON = re.compile(r"\b\d\d:\d\d\b")
FORM = re.compile(r"\b(such as|som) \S+|Datoen \S+ findes|there is no \d\S+")

said = {}


class NotDanish(AssertionError):
    pass


def is_sentence(text):
    """Begins as one, unless with a name, and ends as one."""
    return text.endswith(".") and "  " not in text and ".." not in text


def hold_text(english, danish):
    said[english] = danish
    wrong = None
    if any(form.search(FORM.sub("", QUOTED.sub("", text)))
           for form, text in ((ISO, english), (ISO, danish), (COLON, danish))):
        wrong = "a date of machines"
    elif danish == english:
        wrong = "English"
    elif ENGLISH.search(QUOTED.sub("", danish)):
        wrong = "partly English"
    elif not is_sentence(danish):
        wrong = "no sentence"
    else:
        lost = [kept for kept in KEPT.findall(english)
                if kept.strip(".") not in danish
                and kept.replace(":", ".") not in danish
                and not english.startswith("person ")]
        if lost:
            wrong = "without %s" % ", ".join(lost)
    if wrong:
        raise NotDanish("%s: %r for %r" % (wrong, danish, english))


def hold(english, danish):
    if danish["type"] != english["type"]:
        raise NotDanish("%r\n%r" % (english, danish))
    if danish["detail"] != danish.get("message"):
        raise NotDanish("the detail is general: %r" % danish)
    for name in SPOKEN:
        if name in english:
            hold_text(english[name], danish.get(name, english[name]))
    for one, other in zip(english.get("fields", []), danish.get("fields", [])):
        hold_text(one["sentence"], other["sentence"])
    for one, other in zip(english.get("items", []), danish.get("items", [])):
        if one["problem"] is not None:
            hold_text(one["problem"], other["problem"])
