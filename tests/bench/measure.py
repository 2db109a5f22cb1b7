"""CPU time of processes, the load client, and pairs of runs."""

import glob
import json
import os
import statistics
import subprocess
import time

from kattegat import paths

LOAD = paths.BUILD / "tests" / "bench" / "load"


class WrongAnswer(Exception):
    """The server's answers are not what they should be: no figures of it."""


def family(pid):
    """The process and all that came from it."""
    found = [pid]
    for one in found:
        try:
            with open("/proc/%d/task/%d/children" % (one, one),
                      encoding="ascii") as file:
                found += map(int, file.read().split())
        except OSError:
            pass
    return found


def cpu_us(pid):
    """CPU time of a process and its children so far, of all their threads."""
    spent = 0
    for one in family(pid):
        for name in glob.glob("/proc/%d/task/*/schedstat" % one):
            try:
                with open(name, encoding="ascii") as file:
                    spent += int(file.read().split()[0])
            except OSError:
                pass
    return spent / 1000


def cpu_ticks_us(pid):
    """The same for one process with the threads that have ended already; in
    steps of a tick of the kernel, 10 ms."""
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def pss_bytes(pid):
    """Memory of a process and its children, what is shared counted once."""
    sum_kib = 0
    for one in family(pid):
        with open("/proc/%d/smaps_rollup" % one, encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    sum_kib += int(line.split()[1])
    return sum_kib * 1024


class Load:
    """The load client against a server: ready, then run(), then close()."""

    def __init__(self, server, *words, tls="1.3"):
        self.server = server
        self.tls = "TLSv" + tls
        self.process = subprocess.Popen(
            [str(LOAD), "--wait", "--connect", "127.0.0.1:%d" % server.port,
             "--authority", str(server.authority.file), "--tls", tls,
             *map(str, words)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            said = self.process.stdout.read()
            self.close()
            raise WrongAnswer("%s: no begin: %s" % (server.name, said))

    def begin(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def stop(self):
        """Ends it early; result() follows."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def result(self, wrong_too=False):
        """What the client says at its end; wrong answers raise, or are told."""
        said = ""
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise WrongAnswer("%s: the load client ended" %
                                  self.server.name)
            said += line
            try:
                found = json.loads(said)
                break
            except ValueError:
                continue
        if wrong_too:
            return found
        if found["errors"]:
            raise WrongAnswer("%s: %d wrong answers: %s" % (
                self.server.name, found["errors"], "; ".join(found["error"])))
        if found["tls"] != self.tls:
            raise WrongAnswer("%s: %s instead of %s" % (
                self.server.name, found["tls"], self.tls))
        return found

    def run(self):
        """The result, with the server's CPU time for each request."""
        before = cpu_us(self.server.pid)
        self.begin()
        found = self.result()
        found["cpu_us"] = ((cpu_us(self.server.pid) - before) /
                           max(1, found["requests"]))
        return found

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()


def load(server, *words, **named):
    with Load(server, *words, **named) as one:
        return one.run()


class Figures:
    """Pairs of measurements: baseline and value, and their ratio."""

    def __init__(self):
        self.baseline = []
        self.value = []

    def add(self, baseline, value):
        self.baseline.append(baseline)
        self.value.append(value)

    def ratios(self):
        return [a / b for a, b in zip(self.baseline, self.value) if b]


def in_turns(rounds, measure, first, second):
    """measure() of both in each round, in alternating order."""
    figures = Figures()
    for number in range(rounds):
        if number % 2 == 0:
            a, b = measure(first), measure(second)
        else:
            b, a = measure(second), measure(first)
        figures.add(a, b)
    return figures


def middle(values):
    return statistics.median(values) if values else None


def quartiles(values):
    """The range in which the middle half lies."""
    if len(values) < 2:
        return None
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return [low, high]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def wait_until(condition, limit_s, what):
    ends = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError("not within %s s: %s" % (limit_s, what))
        time.sleep(0.002)


def pin(core):
    os.sched_setaffinity(0, {core})


def come_first():
    """Before what else runs on the machine, when we may; tells how nice."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except PermissionError:
        pass
    return os.getpriority(os.PRIO_PROCESS, 0)
