"""A calendar taken apart without a library, so that bytes can be compared."""


def unfold(text):
    return text.replace("\r\n ", "").replace("\r\n\t", "")


def unescape(value):
    out = []
    letters = iter(value)
    for letter in letters:
        if letter == "\\":
            letter = next(letters)
            letter = {"n": "\n", "N": "\n"}.get(letter, letter)
        out.append(letter)
    return "".join(out)


class Event:
    """event["SUMMARY"] is the value as written; event.raw all its bytes."""

    def __init__(self, raw):
        self.raw = raw
        self.lines = unfold(raw).split("\r\n")
        self.values = {}
        self.params = {}
        for line in self.lines:
            name, _, value = line.partition(":")
            name, _, params = name.partition(";")
            self.values.setdefault(name, value)
            self.params.setdefault(name, params)

    def __getitem__(self, name):
        return self.values[name]

    def __contains__(self, name):
        return name in self.values

    def text(self, name):
        return unescape(self.values[name])

    @property
    def uid(self):
        return self.values["UID"]

    @property
    def sequence(self):
        return int(self.values["SEQUENCE"])


class Calendar:
    def __init__(self, text):
        begin, end = "BEGIN:VEVENT\r\n", "END:VEVENT\r\n"
        parts = text.split(begin)
        self.head = parts[0]
        self.tail = parts[-1].split(end)[-1] if len(parts) > 1 else ""
        self.events = [Event(part.split(end)[0]) for part in parts[1:]]

    def __len__(self):
        return len(self.events)

    def by_uid(self):
        found = {event.uid: event for event in self.events}
        assert len(found) == len(self.events), "a UID stands there twice"
        return found

    def changed(self, later):
        """UIDs whose bytes differ between this calendar and a later one."""
        old, new = self.by_uid(), later.by_uid()
        return {uid for uid in old.keys() | new.keys()
                if uid not in old or uid not in new
                or old[uid].raw != new[uid].raw}
